"""What the law file says of an award committee and of the time to explain a low price (law/award_vote.yaml)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from yiwang.kernel.lawfile import law_path, read
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Verdict, verdict


@dataclass(frozen=True, slots=True)
class AwardLaw:
    """``least``, ``odd``: the award committee's size. ``minutes``, ``most_minutes``: time to explain a price."""

    least: int
    odd: bool
    article: str
    minutes: int
    most_minutes: int
    minutes_article: str

    def size(self, members: int) -> Verdict:
        """Whether a committee may have so many members."""
        odd = Text("、单数", ", odd") if self.odd else Text("", "")
        return verdict(
            members >= self.least and (members % 2 == 1 or not self.odd),
            "award.size",
            Text(f"定标委员会 {members} 人不合规定", f"an award committee of {members} is not lawful"),
            article=self.article,
            field="members",
            passes=Text(f"至少 {self.least} 人{odd.zh}", f"at least {self.least} members{odd.en}"),
        )


def award_law() -> AwardLaw:
    """The law, read again when its file has changed. LawFault when the file is wrong."""
    path = law_path("award_vote.yaml")
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, changed_ns: int) -> AwardLaw:
    file = read(path)
    file.only((), ("version", "award_committee", "low_price"))
    committee, price = ("award_committee",), ("low_price",)
    least, minutes, most = (file.need(where, int) for where in ((*committee, "least"), (*price, "minutes"), (*price, "most_minutes")))
    odd = file.need((*committee, "odd"), bool)
    if least < 1 or (odd and least % 2 == 0):
        raise file.fault((*committee, "least"), "人数须为单数", "must be odd")
    if not 0 < minutes <= most:
        raise file.fault((*price, "minutes"), "分钟数的大小次序不对", "the minutes are not in order")
    return AwardLaw(
        least, odd, file.need((*committee, "article"), str), minutes, most, file.need((*price, "article"), str)
    )
