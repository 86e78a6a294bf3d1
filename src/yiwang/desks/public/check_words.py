"""Commands that a reader can copy to check something alone."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.canonical import canonical, digest


def command(number: str) -> str:
    """Verifies a tender's dossier."""
    return f"yiwang verify {number}.zip"


def draw_command(draw: Any, seated: dict[str, Any]) -> str:
    """Recomputes the seed of a draw with a shell alone; '' before the shares are public."""
    if draw is None or not seated:
        return ""
    parts = {
        "version": draw.process["algorithm"],
        "list": draw.list_root,
        "process": digest(draw.process),
        "shares": seated["shares"],
        "beacon": seated["beacon"]["root"],
        "more": {},
    }
    return f"printf 'draw/v1\\n%s' '{canonical(parts).decode()}' | sha256sum"


def entry_commands(index: int, salt: str) -> tuple[str, str]:
    """Recompute a log entry from the salt and the downloaded content: in a shell, and in Python."""
    name = f"act-{index}.json"
    shell = f"( printf '%s' {salt} | xxd -r -p ; cat {name} ) | sha256sum"
    python = (
        "import hashlib, pathlib\n"
        f'salt = bytes.fromhex("{salt}")\n'
        f'print(hashlib.sha256(salt + pathlib.Path("{name}").read_bytes()).hexdigest())'
    )
    return shell, python
