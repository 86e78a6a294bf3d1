"""Errors of the log. All carry Reasons (both languages), so pages, command line and API show the same words."""

from __future__ import annotations

from yiwang.kernel.errors import BadInput, YiwangError
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason


class _LogInput(BadInput):
    """One reason, in both languages; ``field`` names the line, key or file at fault."""

    code = "tlog"

    def __init__(self, zh: str, en: str, *, field: str = "", passes: Text | None = None) -> None:
        super().__init__(Reason(self.code, Text(zh, en), field=field, passes=passes))


class ProofError(_LogInput):
    """An inclusion or consistency proof does not prove what it says."""

    code = "tlog.proof"


class NoteError(_LogInput):
    """A signed note, verifier key or checkpoint is malformed or not signed as it must be."""

    code = "tlog.note"


class PolicyError(_LogInput):
    """A trust policy is malformed, or a checkpoint does not satisfy it."""

    code = "tlog.policy"


class KeyFileError(_LogInput):
    """The log's key file is missing, already there, malformed, or readable by others."""

    code = "tlog.keys"


class LogDamaged(YiwangError):
    """What is stored is not what was written. ``path`` is the first tile, bundle or file that is wrong."""

    status = 500

    def __init__(self, path: str, zh: str, en: str) -> None:
        self.path = path
        super().__init__(Reason("tlog.damaged", Text(f"{path}：{zh}", f"{path}: {en}"), field=path))
