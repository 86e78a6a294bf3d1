"""No version of a procedure is changed in place; a new one keeps the old beside it, bases included."""

import json
import shutil
from pathlib import Path

import pytest

from yiwang.kernel import procedure_lock
from yiwang.kernel.errors import Refused
from yiwang.kernel.lawfile import law_path
from yiwang.kernel.procedures import load

LAW = law_path("procedures")


def test_the_procedures_of_the_law_folder_are_as_they_were_locked() -> None:
    """A fault here: a version was changed in place. Begin a new one (docs/add-a-procedure.md)."""
    assert [str(reason.message) for reason in procedure_lock.changed(LAW)] == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of two procedures, one built on the other, locked."""
    for name in ("open_tender_works", "open_tender_goods_services"):
        shutil.copy(LAW / f"{name}.yaml", tmp_path)
    assert procedure_lock.lock(tmp_path) == ("open_tender_goods_services.v1", "open_tender_works.v1")
    return tmp_path


def edited(folder: Path, old: str, new: str) -> None:
    file = folder / "open_tender_works.yaml"
    assert old in file.read_text(encoding="utf-8")
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")


def test_a_change_in_place_shows_also_in_what_is_built_on_it(folder: Path) -> None:
    assert procedure_lock.changed(folder) == ()
    edited(folder, "least: 3", "least: 4")
    assert [reason.field for reason in procedure_lock.changed(folder)] == ["open_tender_goods_services.v1", "open_tender_works.v1"]
    for refused in (lambda: procedure_lock.lock(folder), lambda: procedure_lock.begin_version("open_tender_works", folder)):
        with pytest.raises(Refused):
            refused()


def test_a_comment_is_no_change(folder: Path) -> None:
    edited(folder, "track: construction", "track: construction  # 工程")
    assert procedure_lock.changed(folder) == ()


def test_a_new_version_keeps_the_old_whole(folder: Path) -> None:
    before = load("open_tender_goods_services", folder=folder)
    kept = procedure_lock.begin_version("open_tender_works", folder)
    assert kept == ("open_tender_works.v1", "open_tender_goods_services.v1")
    edited(folder, "least: 3", "least: 4")
    added = procedure_lock.lock(folder)
    assert added == ("open_tender_goods_services.v2", "open_tender_works.v2")
    assert set(json.loads((folder / "lock.json").read_text())) == {*kept, *added}
    now, then = load("open_tender_goods_services", folder=folder), load("open_tender_goods_services", 1, folder=folder)
    assert (now.version, now.least_bids, then.version, then.least_bids) == (2, 4, 1, 3)
    assert then == before  # a running tender's version says all that it said
    (folder / "past" / "open_tender_works.v1.yaml").unlink()
    assert [reason.field for reason in procedure_lock.changed(folder)] == ["open_tender_works.v1"]
