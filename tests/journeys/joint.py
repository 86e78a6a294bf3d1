"""Joint bids as the members' own programs make them."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from yiwang.demo.cast import Player
from yiwang.demo.play import Play
from yiwang.modules.bids import acts as bids
from yiwang.modules.bids import uploads
from yiwang.seal import envelope, joint
from yiwang.seal.manifest import Context, Custodians
from yiwang.seal.payload import SealFile
from yiwang.seal.signing import public_text

WORKS = ("土建施工，60%", "机电安装，40%", "绿化")


def code(player: Player) -> str:
    """The credit code of the player's firm."""
    return str(player.actor.organisation.uscc)


def consents(tender: str, members: Sequence[Player], signers: Sequence[Player] | None = None) -> list[dict[str, Any]]:
    """The consent of each member, the lead first; ``signers``: whose keys sign, when not their own."""
    shares = [(code(each), WORKS[n]) for n, each in enumerate(members)]
    agreed, _ = joint.read_proposal(joint.propose(tender, "1", shares, {}))
    made = []
    for member, signer in zip(members, signers or members, strict=True):
        signed = signer.sign(joint.STATEMENT, agreed.json())
        made.append(joint.consent(agreed, code(member), signed["public"], signed["signature"]))
    return made


def sealed(tender: Any, lead: Player, price: int, members: Sequence[joint.Member]) -> tuple[envelope.Sealed, bytes]:
    """A joint bid at a price: facts and bytes of the envelope."""
    out = BytesIO()
    bid = envelope.Bid(Context(tender.number, "1"), code(lead), price, joint=tuple(members))
    custodians = Custodians(tuple(tender.custody), tender.custody_threshold)
    letter = SealFile("投标函.txt", "text/plain", f"{public_text(lead.key)} {price}".encode())
    made = envelope.seal(bid, [letter], custodians, lead.key, out)
    return made, out.getvalue()


def submit(play: Play, members: Sequence[Player], price: int, signers: Sequence[Player] | None = None) -> Any:
    """The lead hands in a joint bid of the members."""
    made, content = sealed(play.tender, members[0], price, joint.join(consents(play.number, members, signers)))
    return hand_in(play, members[0], made, content)


def hand_in(play: Play, player: Player, made: envelope.Sealed, content: bytes) -> Any:
    """Submit an envelope for a player."""
    stored = uploads.keep([content], player.actor, play.number)
    return bids.submit(actor=player.actor, tender=play.number, content=stored, manifest_sha256=made.manifest_sha256)
