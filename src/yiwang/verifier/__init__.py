"""Checks a dossier (案卷包) offline: no Django, no database, no network; imports kernel, tlog and seal only.

    from yiwang.verifier import verify
    report = verify("YW2026-0001.zip")
    report.ok, report.lines, report.trust

On the command line: ``python -m yiwang.verifier DOSSIER...`` or ``yiwang verify DOSSIER...``.
"""

from yiwang.verifier.archive import Unreadable
from yiwang.verifier.report import FAILED, LATER, OK, Line, Report
from yiwang.verifier.run import verify

__all__ = ["FAILED", "LATER", "OK", "Line", "Report", "Unreadable", "verify"]
