"""What journeys of chains share: a dossier is built and verified, the rows are compared with the acts."""

from __future__ import annotations

from pathlib import Path

from tests.check.node import NODE, WHY_NOT, checked
from yiwang.modules.evidence import dossier, sequencer
from yiwang.modules.evidence.findings import Scope
from yiwang.verifier.run import verify


def verified(number: str, folder: Path) -> dict[str, str]:
    """Outcomes of the checks of a tender's dossier by id; none may have failed."""
    sequencer.sequence_all()
    path = folder / f"{number}.zip"
    dossier.build(number, out=path)
    report = verify(path)
    failed = {line.id: [str(text.en) for text in line.details] for line in report.lines if line.status == "failed"}
    assert failed == {}, failed
    return {line.id: line.status for line in report.lines}


def in_browser(folder: Path, *numbers: str) -> None:
    """The browser's own checks find nothing wrong in the dossiers that :func:`verified` wrote, where node is there."""
    if NODE is None or WHY_NOT:
        return
    place = folder / "js"
    place.mkdir()
    found = checked(place, [{"file": str(folder / f"{number}.zip")} for number in numbers])
    assert [set(each["lines"].values()) & {"failed"} for each in found] == [set()] * len(numbers), found


def audited(number: str) -> None:
    """The rows of a tender are what its acts say."""
    from importlib import import_module

    for module in ("tenders", "bids", "openings", "experts", "evaluations", "awards", "contracts"):
        found = list(import_module(f"yiwang.modules.{module}.audit").findings(Scope(frozenset({number}))))
        assert found == [], found
