"""Run as a program in the center's data folder, beside the running center: what counts, and what each tenderer sees."""

from __future__ import annotations

import json


def main() -> None:
    """Print, per tender: the commitments that a closing entry would have now, and those that tenderers see as standing."""
    from yiwang.cli.django import with_database

    with with_database(schema=False):
        from yiwang.modules.bids import selectors as bid_reads
        from yiwang.modules.bids import services as bids
        from yiwang.modules.evidence.actors import SYSTEM
        from yiwang.modules.parties import selectors as parties
        from yiwang.modules.parties.services import actor_of
        from yiwang.modules.tenders import selectors as tenders

        actors = {each.uscc: actor_of(each.people.first()) for each in parties.organisations().filter(name__startswith="故障演练")}
        told = {}
        for tender in tenders.visible_to(SYSTEM).filter(state="tendering"):
            own = {uscc: bid_reads.own(actor, tender) for uscc, actor in actors.items()}
            told[tender.number] = {
                "counted": bids.commitments(tender),
                "seen": {uscc: {bid.commitment: bid.standing for bid in found} for uscc, found in own.items() if found},
            }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
