"""Anchoring (optional): checkpoints of the log are also kept on an EVM chain, for cities whose rules ask for a chain.

The log needs no chain: witnesses already keep its operator honest. A chain adds one more copy that the operator cannot
take back. :mod:`.contract` what is on the chain; :mod:`.chain` speaks to it; :mod:`.queue` what is still to be written,
on disk; :mod:`.push` writes it, one at a time, as often as it takes; :mod:`.due` asks for that from the worker.
"""
