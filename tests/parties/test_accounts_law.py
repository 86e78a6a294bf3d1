"""The law file of accounts: what it says, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from yiwang.kernel import lawfile
from yiwang.kernel.lawfile import LawFault
from yiwang.modules.parties import accounts_law


def test_what_it_says() -> None:
    law = accounts_law.accounts_law()
    assert law.wait == timedelta(hours=24) and law.people == 2 and law.notice_days == (30, 7)
    assert {place.where for place in law.places} == {"subject", "extension"}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("notice_days: [30, 7]", "notice_days: [7, 30]", "由大到小"),
        ("notice_days: [30, 7]", "notice_days: []", "由大到小"),
        ("wait_hours: 24", "wait_hours: 0", "应为正数"),
        ("wait_hours: 24", "wait_hour: 24", "wait_hour"),
        ("in: extension", "in: elsewhere", "elsewhere"),
        ("people: 2", "people: two", "类型"),
    ],
)
def test_what_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, old: str, new: str, says: str) -> None:
    text = lawfile.law_path("accounts.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "accounts.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")

    def path(name: str) -> Any:
        return tmp_path / name

    monkeypatch.setattr(accounts_law, "law_path", path)
    with pytest.raises(LawFault, match=says):
        accounts_law.accounts_law()
