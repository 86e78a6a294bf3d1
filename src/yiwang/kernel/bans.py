"""Grounds of bans from bidding (``law/bans.yaml``): the track they hold for, the months that the law allows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from yiwang.kernel.errors import bad
from yiwang.kernel.lawfile import law_path, read
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Verdict


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground: key, track, least and most months, article, name."""

    key: str
    track: str
    least: int
    most: int
    article: str
    name: Text

    def allows(self, since: date, until: date) -> Verdict:
        """Whether a ban from the first to the last day (both counted) is as long as the law allows."""
        first, last = months_after(since, self.least), months_after(since, self.most)
        if first <= until <= last:
            return YES
        return Verdict(
            bad(
                "until",
                f"{self.article}：禁止期为 {self.least} 至 {self.most} 个月",
                f"{self.article}: a ban of {self.least} to {self.most} months",
                code="ban.period",
                article=self.article,
                passes=Text(f"{first} 至 {last}", f"{first} to {last}"),
            ).reasons
        )


def grounds() -> dict[str, Ground]:
    """The grounds by key, read again when their file has changed. LawFault when it is wrong."""
    path = law_path("bans.yaml")
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _read(path: Path, changed_ns: int) -> dict[str, Ground]:
    file, found = read(path), dict[str, Ground]()
    for number in range(len(file.need(("grounds",), list))):
        at = ("grounds", number)
        file.only(at, ("key", "track", "months", "article", "source", "zh", "en"))
        least, most = file.need((*at, "months", 0), int), file.need((*at, "months", 1), int)
        if not 0 < least <= most:
            raise file.fault((*at, "months"), "期限上下限颠倒", "the bounds are the wrong way round")
        key = file.need((*at, "key"), str)
        found[key] = Ground(
            key, file.one_of((*at, "track"), ("construction", "gov_procurement")), least, most,
            file.need((*at, "article"), str), file.text(at),
        )  # fmt: skip
    return found


def months_after(day: date, months: int) -> date:
    """The day so many months later; where that month is shorter, its last day (民法典 第202条)."""
    year, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + year, month + 1, min(last, day.day))
        except ValueError:
            continue
    raise ValueError(f"no day {months} months after {day}")
