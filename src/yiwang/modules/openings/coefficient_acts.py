"""Acts of the draw in the opening hall: host and center commit, both reveal; the last share gives the result."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text
from yiwang.modules.evidence import beacons, door
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.openings import coefficient_rules as rules
from yiwang.modules.openings.coefficient_states import COEFFICIENT
from yiwang.modules.openings.models import Opening
from yiwang.modules.tenders import services as tenders
from yiwang.seal import draw, public_draw


def commit(*, actor: Actor, tender: str, commitment: str, request_key: str | None = None) -> Opening:
    """A side (host, center) commits to its share, after the prices are known and before any share is.

    Args:
        commitment: hex, :func:`yiwang.seal.draw.commitment` of 32 random bytes that the side keeps to itself.
    """
    if len(commitment) != 64 or not all(c in "0123456789abcdef" for c in commitment):
        raise bad("commitment", "承诺应为 64 位十六进制", "a commitment is 64 hex digits")
    row = COEFFICIENT.rows["coefficient.commit"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        opening = passage.subject.opening
        if commitment in {each["commitment"] for each in opening.drawn.get("shares", {}).values()}:
            raise bad("commitment", "承诺与另一方相同", "the commitment equals another side's")
        party = rules.PARTIES[passage.role]
        public = {"party": party, "commitment": commitment, "process": rules.process(passage.subject)}
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
        beacon = beacons.beacon(passage.subject, "coefficient.commit", "coefficient.reveal")
        public: dict[str, Any] = {"party": party, "share": opened(opening.drawn["shares"][party]["commitment"], share), "beacon": beacon}
        shares = {name: each.get("share", "") for name, each in opening.drawn["shares"].items()} | {party: share}
        if all(shares.values()):
            public |= public_draw.result(opening.drawn["process"], shares, beacon["root"])
        _write(passage, opening, "reveal", public)
    done: Opening = opening
    return done


def opened(commitment: str, share: str) -> str:
    """The share, when it is what was committed to; BadInput otherwise."""
    try:
        good = draw.commitment(bytes.fromhex(share)) == commitment and share == share.lower()
    except ValueError:
        good = False
    if not good:
        raise bad("share", "随机数与承诺不符", "the share does not match the commitment",
                  passes=Text("提交承诺时保存的随机数", "the share that was kept when committing"))  # fmt: skip
    return share


def _write(passage: door.Passage, opening: Opening, step: str, public: dict[str, Any]) -> None:
    opening.drawn = public_draw.after(opening.drawn, step, public)
    opening.save(update_fields=["drawn"])
    passage.record(public=public, tender=passage.subject)
