"""Receipts: an act's place in the log as a C2SP tlog-proof file that its author keeps and anybody can check offline."""

from __future__ import annotations

import json

from yiwang.kernel.canonical import canonical
from yiwang.kernel.errors import NotVisible, Refused
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.models import Act
from yiwang.modules.evidence.selectors import receipt
from yiwang.modules.evidence.sequencer import the_log
from yiwang.tlog.proof import Proof


def receipt_file(actor: Actor, act: Act) -> bytes:
    """The receipt of an own act as a ``.tlog-proof`` file. Its ``extra`` line holds ``{"salt", "act"}`` as canonical
    JSON, so that the file alone shows what was committed to; it is for the actor's eyes until the act is public.

    Its checkpoint is the smallest that enough witnesses cosigned; while they are away the newest signed one
    (``selectors.receipt(act).missing`` says so): a later file is the better one then.

    Raises:
        NotVisible: the act is not the actor's own.
        Refused: the act is not in the log yet; that takes a second at most.
    """
    own_person = actor.person is not None and act.person_id == actor.person.pk
    own_organisation = actor.organisation is not None and act.organisation_id == actor.organisation.pk
    if not own_person and not own_organisation:
        raise NotVisible
    place = receipt(act)
    if place.index is None or place.seen is None:
        raise Refused(Reason("receipt.wait", Text("正在写入日志，请稍候", "being written to the log; wait a moment"),
                             passes=Text("几秒后再试", "try again in a few seconds")))  # fmt: skip
    tiles = the_log().tiles
    tiles.reload()
    hashes = tuple(tiles.inclusion_proof(place.index, place.seen.size))
    extra = canonical({"salt": bytes(act.salt).hex(), "act": json.loads(bytes(act.canonical))})
    return Proof(place.index, hashes, place.seen.note.encode(), extra).format()
