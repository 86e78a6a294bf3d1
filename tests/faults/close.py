"""Run as a program beside the running center: close a tender as the worker does when its clock says that it is time."""

from __future__ import annotations

import json
import sys
from datetime import timedelta


def main(number: str) -> None:
    """Close it and print the public part of the closing entry."""
    from yiwang.cli.django import with_database

    with with_database(schema=False):
        from yiwang.kernel import moment
        from yiwang.modules.evidence import selectors as evidence
        from yiwang.modules.evidence.actors import SYSTEM
        from yiwang.modules.openings import acts as openings
        from yiwang.modules.tenders import selectors as tenders

        tender = tenders.tender(SYSTEM, number)
        with moment.clock_at(tender.deadline + timedelta(seconds=1)):
            openings.close(tender=number)
        last = evidence.acts_of(tender).last()
        assert last is not None
        print(json.dumps(json.loads(bytes(last.canonical))["public"]))


if __name__ == "__main__":
    main(sys.argv[1])
