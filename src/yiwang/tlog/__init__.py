"""The evidence log: RFC 6962 tree in C2SP tiles, signed checkpoints, offline proofs, trust policies.

Pure Python over ``cryptography``; no Django, no database. Formats: tlog-tiles, signed-note, tlog-checkpoint,
tlog-cosignature, tlog-proof and tlog-policy of the C2SP (https://c2sp.org), so that programs of others read our log.

:mod:`.merkle` hashes and proofs; :mod:`.tiles` the log on disk (:mod:`.layout`, :mod:`.reader`, :mod:`.check`),
:mod:`.group` for many writers;
:mod:`.note`, :mod:`.checkpoint`, :mod:`.cosignature`, :mod:`.keys` signatures; :mod:`.proof` receipts;
:mod:`.policy` whom to trust.
"""

from yiwang.tlog.checkpoint import Checkpoint, SignedCheckpoint, open_checkpoint, sign_checkpoint
from yiwang.tlog.cosignature import verifier_for
from yiwang.tlog.errors import KeyFileError, LogDamaged, NoteError, PolicyError, ProofError
from yiwang.tlog.keys import LogKeys
from yiwang.tlog.policy import Policy
from yiwang.tlog.proof import Proof
from yiwang.tlog.tiles import TileLog

__all__ = [
    "Checkpoint",
    "KeyFileError",
    "LogDamaged",
    "LogKeys",
    "NoteError",
    "Policy",
    "PolicyError",
    "Proof",
    "ProofError",
    "SignedCheckpoint",
    "TileLog",
    "open_checkpoint",
    "sign_checkpoint",
    "verifier_for",
]
