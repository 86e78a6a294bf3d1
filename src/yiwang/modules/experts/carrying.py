"""The committee of an earlier round sits again, without a new draw (双信封的第二信封): who must step aside now is replaced by
the next in the order that was drawn then.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.modules.evidence import door
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.experts import acts, rules
from yiwang.modules.experts.models import Draw, Seat
from yiwang.modules.experts.states import DRAW
from yiwang.modules.tenders import services as tenders
from yiwang.seal import draw as lottery

COPIED = ("process", "eligible", "excluded", "leaves", "list_root", "shares", "seed", "order", "answers")
"""What the earlier draw says and this one repeats."""


def carry(*, actor: Actor, tender: str, request_key: str | None = None) -> Draw:
    """The center lets the earlier round's committee sit again; whether somebody must step aside is looked at anew.

    Raises:
        Refused: the earlier round has no committee, or too few experts are left of its list.
    """
    with door.enter(DRAW.rows["draw.carry"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        earlier = subject.stage_of.draw
        drawn = Draw.objects.create(
            tender=subject, last_commit=earlier.last_commit, **{name: getattr(earlier, name) for name in COPIED}
        )
        _seat_again(drawn, earlier)
        gone = _step_aside(drawn, subject, passage.now)
        seated = acts.seat_all(drawn)
        drawn.save()
        passage.record(
            public={
                "earlier": subject.stage_of.number,
                "list_root": drawn.list_root,
                "left": [leaf for leaf, _ in gone],
                "seats": acts.seats_json(seated),
            },
            private={
                "experts": [each.expert.code for each in seated],
                "left": {str(leaf): reason for leaf, reason in gone},
            },
            tender=subject,
        )
    return drawn


def _seat_again(drawn: Draw, earlier: Draw) -> None:
    """The earlier seats with their numbers, those that were left then as well."""
    kept = ("expert_id", "number", "leaf", "discipline", "left_at", "left_because")
    Seat.objects.bulk_create(
        Seat(draw=drawn, **{name: getattr(seat, name) for name in kept}) for seat in earlier.seats.order_by("number")
    )


def _step_aside(drawn: Draw, tender: Any, now: datetime) -> list[tuple[int, str]]:
    """Those who are related to somebody in this round leave their seats: leaf and reason of each."""
    related, gone = acts.related_to(tender), []
    for seat in drawn.seats.filter(left_at=None).select_related("expert"):
        reason = rules.recusal(seat.expert, related)
        if reason is not None:
            seat.left_at, seat.left_because = now, reason.zh[:200]
            seat.save()
            drawn.answers = {**drawn.answers, str(seat.leaf): lottery.Reply.DECLINED.value}
            gone.append((seat.leaf, reason.zh))
    return gone
