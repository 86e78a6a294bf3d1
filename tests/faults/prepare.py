"""Run as a program in the center's data folder: tenders that take bids, tenderers with sealed envelopes, as JSON.

Every envelope has a token of its own inside, which stands nowhere else: see :mod:`tests.faults.test_canary`.
"""

from __future__ import annotations

import base64
import json
import sys
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any


def token_of(number: int) -> str:
    """A word that stands in the answers, a document's name and a document's text of one tenderer's bid."""
    return f"canary{number:04d}" + "qzj7x" * 4


def sealed(tender: Any, player: Any, number: int) -> tuple[Any, bytes]:
    """An envelope of a tenderer with her token in it."""
    from yiwang.seal import envelope
    from yiwang.seal.manifest import Context, Custodians
    from yiwang.seal.payload import SealFile

    out, token = BytesIO(), token_of(number)
    bid = envelope.Bid(Context(tender.number, "1"), player.actor.organisation.uscc, 80_000_000 + number, {"note": f"{token}-answer"})
    letter = SealFile(f"{token}-name.txt", "text/plain", f"投标函\n{token}-letter\n".encode() * 200)
    made = envelope.seal(bid, [letter], Custodians(tuple(tender.custody), tender.custody_threshold), player.key, out)
    return made, out.getvalue()


def main(tenders: int, tenderers: int) -> None:
    """Prepare, and print what the test needs."""
    from yiwang.cli.django import with_database

    with with_database():
        from yiwang.bench import tenderers as burst
        from yiwang.demo.cast import engage
        from yiwang.modules.evidence import sequencer

        cast = engage()
        plays = burst.tenders(cast, tenders, grace=30)
        burst.publish(plays, datetime.now(UTC).replace(microsecond=0) + timedelta(hours=3))
        told = []
        open_ = [play.tender for play in plays]
        for number in range(tenderers):
            player, tender = cast.tenderer(f"故障演练{number}建设有限公司"), open_[number % tenders]
            made, content = sealed(tender, player, number)
            told.append({
                "tender": tender.number, "uscc": player.actor.organisation.uscc, "username": player.person.username,
                "headers": burst.session(player.person), "other_headers": burst.session(player.person),
                "envelope": base64.b64encode(content).decode(), "sha256": made.sha256, "manifest_sha256": made.manifest_sha256,
            })  # fmt: skip
        sequencer.sequence_all()
    print(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
