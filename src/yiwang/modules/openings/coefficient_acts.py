"""Acts of the draw in the opening hall: host and center commit, both reveal; the last share gives the result."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.errors import bad
from yiwang.modules.evidence import door, drawing
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.openings import coefficient_rules as rules
from yiwang.modules.openings.coefficient_states import COEFFICIENT
from yiwang.modules.openings.models import Opening
from yiwang.modules.tenders import services as tenders
from yiwang.seal import public_draw


def commit(*, actor: Actor, tender: str, commitment: str, request_key: str | None = None) -> Opening:
    """A side (host, center) commits to its share, after the prices are known and before any share is.

    Args:
        commitment: hex, :func:`yiwang.seal.draw.commitment` of 32 random bytes that the side keeps to itself.
    """
    row = COEFFICIENT.rows["coefficient.commit"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        opening = passage.subject.opening
        party = rules.PARTIES[passage.role]
        public = {"party": party, "commitment": drawing.committed(opening.drawn, commitment), "process": rules.process(passage.subject)}
        _write(passage, opening, "commit", public)
    done: Opening = opening
    return done


def reveal(*, actor: Actor, tender: str, share: str, request_key: str | None = None) -> Opening:
    """A side reveals its share. With the last one the coefficient (and the lots) follow from shares and beacon.

    Raises:
        Refused: the last commitment is not in the log yet.
        BadInput: the share is not the one committed to.
    """
    row = COEFFICIENT.rows["coefficient.reveal"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        opening = passage.subject.opening
        party = rules.PARTIES[passage.role]
        beacon = drawing.HALL.beacon(passage.subject)
        public = drawing.revealed(opening.drawn, party, share, beacon)
        _write(passage, opening, "reveal", public)
    done: Opening = opening
    return done


def forfeit(*, actor: Actor, tender: str, party: str, share: str = "", request_key: str | None = None) -> Opening:
    """Put on record that a side has not revealed within the time (NL-36); the draw goes on, there is no second one.

    Args:
        party: ``host`` or ``center``.
        share: hex, 32 random bytes of the supervisor's own, where none but the center's share would remain; else empty.

    Raises:
        Refused: the time has not passed, or the supervisor has to do it. BadInput: it is not that side's turn.
    """
    row = COEFFICIENT.rows["coefficient.forfeit"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        opening = passage.subject.opening
        if party not in opening.drawn["shares"] or party == drawing.party_of(passage.subject, actor):
            raise bad("party", "请选择逾期未公开的另一方", "choose the other side that is overdue")
        given = rules.stand_in(opening.drawn, party, passage.role, share)
        root = drawing.HALL.beacon(passage.subject)
        _write(passage, opening, "forfeit", drawing.forfeited(opening.drawn, party, root, given))
    done: Opening = opening
    return done


def _write(passage: door.Passage, opening: Opening, step: str, public: dict[str, Any]) -> None:
    opening.drawn = public_draw.after(opening.drawn, step, public)
    opening.save(update_fields=["drawn"])
    passage.record(public=public, tender=passage.subject)
