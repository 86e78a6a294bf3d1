"""What becomes public when: for each act the stage from which its public part is disclosed, with the article."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from yiwang.kernel.lawfile import law_path, read
from yiwang.kernel.procedures import ACTS, STAGES
from yiwang.kernel.text import Text

_REACHED = {
    "draft": "", "tendering": "at_once", "closed": "at_once", "opened": "opening", "evaluating": "opening",
    "evaluated": "opening", "admitted": "publicity", "publicity": "publicity", "awarded": "award", "contracted": "contract",
    "archived": "archive",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Publicity:
    """One act: the stage from which its public part is public; parts of it that stay withheld; why."""

    act: str
    stage: str
    article: str
    says: Text
    withheld: tuple[str, ...] = ()


def all_acts() -> dict[str, Publicity]:
    """The publicity of every act, by act. LawFault when the file misses one."""
    path = law_path("publicity.yaml")
    return _acts(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _acts(path: Path, changed_ns: int) -> dict[str, Publicity]:
    file = read(path)
    found = {}
    for act in file.need(("acts",), dict):
        at = ("acts", act)
        file.only(at, ("stage", "article", "says", "withheld"))
        if act not in ACTS:
            raise file.fault(at, "没有这种行为", "there is no such act")
        found[act] = Publicity(
            act,
            file.one_of((*at, "stage"), STAGES),
            file.need((*at, "article"), str),
            file.text((*at, "says")),
            tuple(file.data["acts"][act].get("withheld", ())),
        )
    for act in ACTS:
        if act not in found:
            raise file.fault(("acts",), f"缺少“{act}”", f"“{act}” is missing")
    return found


def publicity_of(act: str) -> Publicity:
    """The publicity of an act; KeyError for an act that the law file does not name."""
    return all_acts()[act]


def stage_of(act: str) -> str:
    """The stage from which an act's public part is public."""
    return publicity_of(act).stage


def reached_in(state: str) -> str:
    """The last stage that a tender in this state has reached; empty while nothing of it is public.

    A failed or terminated tender keeps the stage that it had reached before: ask with the state before.
    KeyError for those two states.
    """
    return _REACHED[state]


def is_public(act: str, reached: str) -> bool:
    """Whether an act's public part is public once a tender has reached the stage (empty: nothing is)."""
    if not reached or reached == "never":
        return False
    stage = stage_of(act)
    return stage != "never" and STAGES.index(stage) <= STAGES.index(reached)


def disclosed_by(reached: str) -> tuple[str, ...]:
    """Acts whose public part is public at a stage, in the order of :data:`ACTS`."""
    return tuple(act for act in ACTS if is_public(act, reached))
