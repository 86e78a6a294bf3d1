"""One log per year, and new keys within a year: which name and which keys sign a checkpoint of which size.

The tree goes on: the next year's log begins with all entries of the log before it, under a name and keys of its own. So
an entry keeps its index for good, a tender that lives across the new year stays under one checkpoint, and nobody can
leave the old year out of the new log. The last entry of a log (``log.succeed``) names the next one, signed by the old
keys; the first own entry of the next (``log.begin``) repeats it, signed by the new keys. Keys that change within a log
(``log.rotate``) are named by an entry whose checkpoint both the old and the new keys sign.

These entries are the truth. ``history.json`` in the log's folder says the same for readers who have no database.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

from yiwang.kernel.canonical import canonical
from yiwang.kernel.text import Text
from yiwang.modules.evidence.models import Act
from yiwang.tlog import files
from yiwang.tlog.cosignature import verifier_for
from yiwang.tlog.errors import KeyFileError
from yiwang.tlog.keys import FILE as KEYS
from yiwang.tlog.keys import LogKeys, named
from yiwang.tlog.note import Verifier
from yiwang.tlog.tiles import CHECKPOINT

CHAIN = "log"
"""Evidence subject of the log's own acts."""
HISTORY, HANDOVER, ENDED, NEXT = "history.json", "handover.json", "ended", "next"
ENDED_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,40}")
"""Folder names of logs that ended."""


@dataclass(frozen=True, slots=True)
class Period:
    """From which size on a log's name and keys sign.

    Attributes:
        origin: the log's name.
        vkeys: its verifier keys, Ed25519 first.
        start: the smallest size that they sign.
        last: the size at which the keys before them sign for the last time; None: they never do (first, or lost).
    """

    origin: str
    vkeys: tuple[str, ...]
    start: int
    last: int | None = None


def keys_folder(log: Path) -> Path:
    """Where the log's keys are: ``keys`` beside the log; later keys in folders of their own inside it."""
    return log.parent / "keys"


def first_keys(log: Path, origin: str) -> LogKeys:
    """The keys that the log began with; made when there is no log yet.

    Args:
        origin: the name for a new log; ``{year}`` in it is the present year.

    Raises:
        KeyFileError: there is a log, but not its keys.
    """
    folder = keys_folder(log)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (folder / KEYS).exists() and not (log / CHECKPOINT).exists():
        LogKeys.create(named(origin)).save(folder)
    return LogKeys.load(folder)


def current(log: Path, origin: str) -> LogKeys:
    """The keys that sign now.

    Raises:
        KeyFileError: the keys that the log names are not in the folder.
    """
    found = history(log)
    return _of(keys_folder(log), found[-1].vkeys) if found else first_keys(log, origin)


def signers(log: Path, size: int) -> list[LogKeys]:
    """Who signs a checkpoint of this size: a log's keys, or old and new ones where keys change; [] without a history."""
    found, folder = history(log), keys_folder(log)
    if not found:
        return []
    mine = period_of(found, size)
    before = _before(found, mine, size)
    return [_of(folder, each.vkeys) for each in (before, mine) if each]


def judges(periods: list[Period], size: int) -> tuple[str, list[Verifier]]:
    """The name of the log at a size, and the keys that must all have signed its checkpoint there."""
    mine = period_of(periods, size)
    before = _before(periods, mine, size)
    lines = dict.fromkeys([*(before.vkeys if before else ()), *mine.vkeys])
    return mine.origin, [verifier_for(line) for line in lines]


def period_of(periods: list[Period], size: int) -> Period:
    """The period that a size falls into."""
    return [each for each in periods if each.start <= size][-1]


def former(log: Path) -> set[str]:
    """Names that the log had in earlier years."""
    return {each.origin for each in history(log)[:-1]}


def vkeys_of(log: Path, origin: str, newest: int, earlier: Iterable[int] = ()) -> str:
    """Verifier keys, one a line, that checkpoints of these sizes are signed with: those of the newest one first."""
    found = history(log)
    if not found:
        return current(log, origin).vkeys_text()
    lines: dict[str, None] = {}
    for size in (newest, *earlier):
        mine = period_of(found, size)
        before = _before(found, mine, size)
        lines |= dict.fromkeys([*mine.vkeys, *(before.vkeys if before else ())])
    return "".join(f"{line}\n" for line in lines)


def history(log: Path) -> list[Period]:
    """The periods as ``history.json`` tells them; [] while the log has had one name and one pair of keys."""
    try:
        state = (log / HISTORY).stat()
    except FileNotFoundError:
        return []
    return _history(log / HISTORY, state.st_mtime_ns, state.st_ino)


@lru_cache(maxsize=8)
def _history(path: Path, _changed: int, _number: int) -> list[Period]:
    rows = json.loads(path.read_bytes())
    return [Period(row["origin"], tuple(row["vkeys"]), row["start"], row["last"]) for row in rows]


def refresh(log: Path, keys: Callable[[], LogKeys]) -> list[Period]:
    """The periods as the placed acts tell them; writes ``history.json`` when it does not say the same.

    Args:
        keys: gives those that sign when there are no such acts.
    """
    found = told() or [Period((first := keys()).name, _lines(first), 0)]
    if found != history(log):
        files.replace(log / HISTORY, canonical([asdict(each) for each in found]))
        files.sync_directory(log)
    return found


def told() -> list[Period]:
    """The periods as the acts in the log tell them; [] without such acts."""
    acts = Act.objects.filter(subject=CHAIN, log_entry__isnull=False).order_by("log_entry__index")
    found: list[Period] = []
    for name, content, index in acts.values_list("act", "canonical", "log_entry__index"):
        public = json.loads(bytes(content))["public"]
        if name == "log.succeed":
            continue
        before, new = public["previous"], public
        found = found or [Period(before["origin"], tuple(before["vkeys"]), 0)]
        lost = public.get("lost", False)
        last = None if lost else index + 1 if name == "log.rotate" else index
        found.append(Period(new["origin"], tuple(new["vkeys"]), index + 1, last))
    return found


def stops(periods: list[Period], start: int, size: int) -> list[int]:
    """Sizes, from ``start`` on, that get a checkpoint: where old keys sign for the last time, and ``size``."""
    return sorted({each.last for each in periods if each.last is not None and start <= each.last < size} | {size})


def keep_ended(log: Path, periods: list[Period], size: int) -> None:
    """Where a log ends at this size, keep it readable at ``ended/<year>``: its last checkpoint, its keys, its tiles (a link)."""
    old = next((old for old, new in pairwise(periods) if new.last == size and new.origin != old.origin), None)
    if old is not None:
        keep(log, old)


def keep(log: Path, old: Period) -> None:
    """Write the folder of a log that has ended, from the published checkpoint."""
    folder = log / ENDED / ended_name(old.origin)
    folder.mkdir(parents=True, exist_ok=True)
    if (log / CHECKPOINT).exists():
        files.replace(folder / CHECKPOINT, (log / CHECKPOINT).read_bytes())
    files.replace(folder / "vkeys", "".join(f"{vkey}\n" for vkey in old.vkeys).encode())
    if not (folder / "tile").is_symlink():
        (folder / "tile").symlink_to(Path("..", "..", "tile"))
    files.sync_directory(folder)


def ended_name(origin: str) -> str:
    """The folder of a log that ended: the last part of its name (the year), or a hash where that is no plain word."""
    last = origin.rsplit("/", 1)[-1]
    return last if ENDED_NAME.fullmatch(last) else sha256(origin.encode()).hexdigest()[:16]


def prepared(folder: Path) -> LogKeys | None:
    """The keys in ``keys/next``, made ahead so that witnesses can be told; None without any."""
    return LogKeys.load(folder / NEXT) if (folder / NEXT / KEYS).exists() else None


def settle(log: Path) -> None:
    """Give keys that were prepared and have come into force a folder of their own: ``keys/from-<size>``."""
    folder, keys = keys_folder(log), prepared(keys_folder(log))
    mine = [each for each in history(log) if keys and each.vkeys == _lines(keys)]
    if mine:
        (folder / NEXT).rename(folder / f"from-{mine[0].start}")
        files.sync_directory(folder)


def _before(periods: list[Period], mine: Period, size: int) -> Period | None:
    """The keys of the same log that sign with those of ``mine`` at the size where they change."""
    both = (old for old, new in pairwise(periods) if new == mine and new.last == size and old.origin == new.origin)
    return next(both, None)


@lru_cache(maxsize=8)
def _of(folder: Path, vkeys: tuple[str, ...]) -> LogKeys:
    for place in (folder, *sorted(path for path in folder.iterdir() if path.is_dir())):
        if (place / KEYS).exists():
            keys = LogKeys.load(place)
            if _lines(keys) == vkeys:
                return keys
    name = vkeys[0].split("+")[0]
    raise KeyFileError(f"{folder} 中没有日志 {name} 现用的密钥", f"the keys in force of the log {name} are not in {folder}",
                       field=str(folder), passes=Text("从备份恢复，或见 docs/security/keys.md“遗失”",
                       "restore them, or see “Loss” in docs/security/keys.md"))  # fmt: skip


def _lines(keys: LogKeys) -> tuple[str, ...]:
    return tuple(map(str, keys.vkeys()))


def forget() -> None:
    """Forget keys that were read."""
    _of.cache_clear()
    _history.cache_clear()


def facts(keys: LogKeys) -> dict[str, Any]:
    """What an act says of a log: its origin and verifier keys."""
    return {"origin": keys.name, "vkeys": list(_lines(keys))}
