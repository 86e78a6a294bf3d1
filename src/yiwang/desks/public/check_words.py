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


def root_script(log_url: str, size: str, root: str) -> str:
    """Recomputes the root of the log's first entries from its public files, with nothing but Python itself."""
    return _ROOT_SCRIPT.format(url=log_url, size=size, root=root)


_ROOT_SCRIPT = """\
import hashlib, urllib.error, urllib.request

LOG, SIZE, ROOT = "{url}", {size}, "{root}"

def file(number, suffix=""):
    name = f"{{number % 1000:03d}}"
    while number >= 1000:
        number //= 1000
        name = f"x{{number % 1000:03d}}/" + name
    with urllib.request.urlopen(f"{{LOG}}/tile/entries/{{name}}{{suffix}}") as answer:
        return answer.read()

def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()

peaks, count = [], 0  # (height, hash) of complete subtrees, largest first; RFC 6962
for number in range((SIZE + 255) // 256):
    try:
        data = file(number)
    except urllib.error.HTTPError:
        data = file(number, f".p/{{SIZE % 256}}")
    while data and count < SIZE:
        end = 2 + int.from_bytes(data[:2], "big")
        peak, data, count = (0, sha(b"\\0", data[2:end])), data[end:], count + 1
        while peaks and peaks[-1][0] == peak[0]:
            peak = (peak[0] + 1, sha(b"\\1", peaks.pop()[1], peak[1]))
        peaks.append(peak)
root = peaks.pop()[1]
while peaks:
    root = sha(b"\\1", peaks.pop()[1], root)
print("the same" if root.hex().startswith(ROOT) else "DIFFERENT", root.hex())
"""
