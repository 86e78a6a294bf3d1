"""What the law asks for when a tender fails: law/failure.yaml."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.kernel.lawfile import law_path, read
from yiwang.kernel.text import Text

CAUSES = ("too_few_bids", "all_rejected", "decision", "too_few_admitted", "earlier_ended")
"""Why a tender fails: fewer bids at the deadline than the law asks, or all of them rejected by the committee;
or the supervising department decided in a complaint that the award is void; or a round admitted fewer than the law asks;
or, of two envelopes, the first has ended."""

RETENDER = "retender"
_TRACKS = ("construction", "gov_procurement")


@dataclass(frozen=True, slots=True)
class Option:
    """Something that may be done next: ``id``, its name, what it takes."""

    id: str
    name: Text
    says: Text


@dataclass(frozen=True, slots=True)
class Consequence:
    """The legal consequence of a failure: what the law says, the articles, and what may be done next, the usual first.

    ``source`` is ``verified`` or ``general_knowledge``.
    """

    track: str
    cause: str
    again: bool
    says: Text
    article: str
    source: str
    options: tuple[Option, ...]

    @property
    def retender(self) -> bool:
        """Whether the tender may be held again."""
        return any(each.id == RETENDER for each in self.options)


def consequences() -> list[Consequence]:
    """All of them, in the file's order. LawFault when the file is wrong."""
    file = read(law_path("failure.yaml"))
    options = {
        name: Option(name, file.text(("options", name, "name")), file.text(("options", name, "says")))
        for name in file.need(("options",), dict)
    }
    found = []
    for number, row in enumerate(file.need(("consequences",), list)):
        at = ("consequences", number)
        file.only(at, ("track", "cause", "again", "says", "article", "source", "options"))
        chosen = [file.one_of((*at, "options", n), options) for n in range(len(row["options"]))]
        found.append(
            Consequence(
                file.one_of((*at, "track"), _TRACKS),
                file.one_of((*at, "cause"), CAUSES),
                file.need((*at, "again"), bool),
                file.text((*at, "says")),
                file.need((*at, "article"), str),
                file.one_of((*at, "source"), ("verified", "general_knowledge")),
                tuple(options[each] for each in chosen),
            )
        )
    return found


def consequence(track: str, cause: str, *, again: bool) -> Consequence:
    """What follows for a procedure of this track.

    Args:
        track: of the procedure. cause: one of :data:`CAUSES`.
        again: the tender was a retender already.

    Raises:
        KeyError: the law file says nothing of it.
    """
    for each in consequences():
        if (each.track, each.cause, each.again) == (track, cause, again):
            return each
    raise KeyError((track, cause, again))
