"""A second verifier that does what docs/evidence.md says: it imports nothing of yiwang, only what anybody can install.

It does the core of the page: the archive, the log, the chains, bids and their opening, the draw, the signatures. Formulas
and statutory periods are data in ``law/`` and are left to the first verifier.

    cd tests/verifier && python -m independent DOSSIER.zip [POLICY]     prints each fault; exit code 1 when there is one
"""
