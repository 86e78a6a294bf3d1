"""What the survey asks (``law/survey.yaml``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from yiwang.kernel import moment
from yiwang.kernel.lawfile import law_path, read
from yiwang.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Survey:
    """The survey: months that an answer holds for, the best mark, answers needed to show a role's, and the questions."""

    period: int
    scale: int
    fewest: int
    questions: dict[str, Text]

    def period_of(self, at: datetime) -> str:
        """The period in which a moment lies, by its first month: ``2026-07``."""
        local = at.astimezone(moment.LOCAL)
        first = (local.month - 1) // self.period * self.period + 1
        return f"{local.year}-{first:02d}"


def survey() -> Survey:
    """The survey, read again when its file has changed. LawFault when the file is wrong; names the line."""
    path = law_path("survey.yaml")
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _read(path: Path, changed_ns: int) -> Survey:
    file, questions = read(path), dict[str, Text]()
    for number in range(len(file.need(("questions",), list))):
        at = ("questions", number)
        questions[file.need((*at, "key"), str)] = file.text((*at, "says"))
    period, scale, fewest = (file.need((name,), int) for name in ("period", "scale", "fewest"))
    if period not in (1, 2, 3, 4, 6, 12):
        raise file.fault(("period",), "一年应能分成整数个周期", "a year must be a whole number of periods")
    if scale < 2 or fewest < 2:
        raise file.fault(("scale",), "scale 和 fewest 至少为 2", "“scale” and “fewest” are at least 2")
    return Survey(period, scale, fewest, questions)
