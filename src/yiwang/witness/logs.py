"""The logs that a witness knows: the ``log`` lines of a C2SP tlog-policy file, or a file with such lines only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from yiwang.kernel.text import Text
from yiwang.tlog import note as notes
from yiwang.tlog import policy as policies
from yiwang.tlog.cosignature import verifier_for
from yiwang.tlog.errors import PolicyError


@dataclass(frozen=True, slots=True)
class KnownLog:
    """One log: its origin, the keys trusted for it, and the URL prefix (or folder) of its tiles, '' when unknown."""

    origin: str
    verifiers: tuple[notes.Verifier, ...]
    url: str = ""

    @property
    def hash(self) -> str:
        """SHA-256 of the origin in hexadecimal: the log's place under the monitoring prefix."""
        return origin_hash(self.origin)


def origin_hash(origin: str) -> str:
    """SHA-256 of a log's origin, lowercase hexadecimal (tlog-witness, monitoring prefix)."""
    return sha256(origin.encode()).hexdigest()


def read_logs(data: bytes) -> Mapping[str, KnownLog]:
    """The logs of a policy file by origin. The ``quorum`` line, which a witness does not need, may be missing.

    Several keys with one name are several keys of one log; any of them may sign.

    Raises:
        PolicyError: malformed (``field`` names the line), no log, or two URLs for one log.
    """
    if not any(line.split()[:1] == [b"quorum"] for line in data.splitlines()):
        data += b"quorum none\n"
    logs: dict[str, KnownLog] = {}
    for party in policies.parse(data).logs:
        origin, key = party.vkey.name, verifier_for(party.vkey)
        if len(origin.encode("utf-8", "surrogateescape")) > 255:
            raise PolicyError("日志名称超过 255 字节", "a log's name is longer than 255 bytes", field="log")
        known = logs.get(origin, KnownLog(origin, ()))
        if party.url and known.url and party.url != known.url:
            raise PolicyError(f"日志 {origin} 有两个网址", f"the log {origin} has two URLs", field=origin)
        logs[origin] = KnownLog(origin, (*known.verifiers, key), known.url or party.url)
    if not logs:
        form = Text("每行一把公钥：log <vkey> [<网址>]", "one key a line: log <vkey> [<url>]")
        raise PolicyError("文件中没有日志", "the file names no log", field="log", passes=form)
    return logs
