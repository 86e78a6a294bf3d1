"""The opening's date: proposed by the clock, never earlier than the law, counted anew when the law changes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from yiwang.demo.play import Play, earliest_deadline
from yiwang.kernel import lawfile, moment
from yiwang.kernel.text import language


@pytest.mark.promise("S029")
def test_the_earliest_opening_is_proposed_recounted_and_never_undercut(
    play: Callable[..., Play], program: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = play("")
    played.enter()
    played.prepare()
    host = program(played.host)
    start = played.stage()
    issue_end = moment.stamp(start + timedelta(days=8))
    proposed = earliest_deadline(played.tender, start)

    refused = host.act(played.number, "tender.publish", 409, issue_end=issue_end, deadline=moment.stamp(proposed - timedelta(days=1)))
    reason = refused["reasons"][0]  # the day before is a Sunday besides
    assert (reason["code"], reason["article"], reason["field"]) == ("GC-01", "招标投标法 第24条", "deadline")
    assert reason["passes"]["zh"]
    assert reason["after"] is None or moment.from_stamp(reason["after"]) <= proposed

    changed = changed_law(tmp_path, monkeypatch)
    later = earliest_deadline(played.tender, start)
    assert later - proposed >= timedelta(days=4)
    refused = host.act(played.number, "tender.publish", 409, issue_end=issue_end, deadline=moment.stamp(proposed))
    assert refused["reasons"][0]["code"] == "GC-01"
    assert "25" in refused["reasons"][0]["message"]["zh"] + (refused["reasons"][0]["passes"] or {}).get("zh", "")
    host.act(played.number, "tender.publish", issue_end=issue_end, deadline=moment.stamp(later))
    explained = program(None).get("/rules/GC-01")
    assert "25" in explained["title"]["zh"]
    assert explained["examples"][0]["lines"]
    assert changed.exists()
    steps = {step["key"]: step for step in program(None).get(f"/tenders/{played.number}")["timeline"]}
    counted = next(step for step in steps.values() if "GC-01" in step["rules"])
    assert any(row["rule"] == "GC-01" and row["lines"] for row in counted["count"])
    assert language.get() == "zh"


def changed_law(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The whole law with one number changed: 25 days instead of 20 to prepare bids."""
    copy = folder / "law"
    shutil.copytree(lawfile.law_path(), copy)
    path = copy / "clock.yaml"
    text = path.read_text(encoding="utf-8")
    start = text.index("id: GC-01")
    at = text.index("amount: 20", start)
    assert at - start < 600
    path.write_text(text[:at] + "amount: 25" + text[at + len("amount: 20"):], encoding="utf-8")
    monkeypatch.setattr(lawfile, "_root", lambda: copy)
    return path
