"""The audit of the log's files: the log that was seen before, the upper tiles, checkpoints, leftover partial tiles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, transaction

from yiwang.kernel import moment
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.modules.evidence import policies, witnesses, years
from yiwang.modules.evidence.audit_memory import Memory
from yiwang.modules.evidence.audit_range import damage, unfit
from yiwang.modules.evidence.cosigned import good
from yiwang.modules.evidence.finding import ALTERED, DAMAGED, REMOVED, Finding
from yiwang.modules.evidence.models import Checkpoint, Cosignature, LogEntry
from yiwang.modules.evidence.sequencer import LOCK, Log, the_log
from yiwang.tlog import layout, open_checkpoint
from yiwang.tlog import proof as proofs
from yiwang.tlog.checkpoint import unverified
from yiwang.tlog.errors import LogDamaged
from yiwang.tlog.note import Verifier


@contextmanager
def one_moment() -> Iterator[tuple[Log | None, list[Finding]]]:
    """The log and, in one read-only snapshot, the database, both as of one moment between two rounds of the sequencer.

    Gives None and what makes the log's files unreadable when they are.
    """
    inside = connection.in_atomic_block
    _statement("SELECT pg_advisory_lock(%s)", LOCK)
    with transaction.atomic():
        try:
            if not inside:
                _statement("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            LogEntry.objects.exists()
            opened = _open_log()
        finally:
            _statement("SELECT pg_advisory_unlock(%s)", LOCK)
        yield opened


def _statement(text: str, *values: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def _open_log() -> tuple[Log | None, list[Finding]]:
    try:
        log = the_log()
        log.tiles.reload()
        return log, []
    except LogDamaged as error:
        return None, [damage(error)]


def as_seen_before(log: Log, memory: Memory) -> Iterator[Finding]:
    """The log begins with every log that earlier audits saw: a past that was rewritten, or set back, shows here."""
    for size, (root, at) in sorted(memory.roots.items()):
        yield from _same_beginning(log, size, bytes.fromhex(root), Text(f"{at} 的核对", f"the audit of {at}"), at)


def as_seen_elsewhere(log: Log, path: Path) -> Iterator[Finding]:
    """The log begins with the one that somebody else holds a signed checkpoint or a receipt (``.tlog-proof``) of.

    Raises:
        YiwangError: the file is neither, or the log's keys did not sign it.
    """
    data = path.read_bytes()
    receipt = proofs.parse(data) if data.startswith(b"c2sp.org/tlog-proof@") else None
    note = receipt.checkpoint if receipt else data
    periods = years.history(log.tiles.directory)
    keys = years.judges(periods, unverified(note).size)[1] if periods else log.keys.verifiers()
    signed = open_checkpoint(note, keys).checkpoint
    yield from _same_beginning(log, signed.size, signed.root, Text(f"{path.name} ", f"{path.name}"), "")


def _same_beginning(log: Log, size: int, root: bytes, who: Text, since: str) -> Iterator[Finding]:
    have = log.tiles.size
    if size > have:
        text = Text(
            f"日志只有 {have} 条，{who.zh}见过 {size} 条：被截断，或恢复了旧备份",
            f"the log has {have} entries; {who.en} saw {size}: it was cut off, or an older backup was restored",
        )
        yield Finding(REMOVED, "log", text, "size", str(have), str(size), since=since)
        return
    try:
        now = log.tiles.root(size)
    except YiwangError as error:
        yield Finding(DAMAGED, "log", error.reasons[0].message)
        return
    if now != root:
        text = Text(
            f"日志的前 {size} 条不是{who.zh}见过的那些：过去被改写",
            f"the first {size} entries of the log are not those that {who.en} saw: the past was rewritten",
        )
        yield Finding(ALTERED, "log", text, f"root at {size}", now.hex()[:16], root.hex()[:16], since=since)


def upper_tiles(log: Log) -> Iterator[Finding]:
    """Tiles above the lowest level, from the root downwards: each is judged by the one above it, which is right."""
    tiles = log.tiles
    for level in range(len(layout.edges(tiles.size)) - 2, 0, -1):
        full = tiles.size >> (layout.HEIGHT * (level + 1))
        for index in range(full):
            try:
                below = (tiles.hash_at(layout.HEIGHT * level, index * layout.WIDTH + n) for n in range(layout.WIDTH))
                if layout.full_root(list(below)) != tiles.hash_at(layout.HEIGHT * (level + 1), index):
                    yield unfit(layout.tile_path(level, index))
            except LogDamaged as error:
                yield damage(error)


def partial_tiles(log: Log) -> Iterator[Finding]:
    """Older partial tiles and bundles that still lie there are beginnings of the later ones."""
    for path in sorted(log.tiles.directory.glob("tile/**/*.p/*")):
        name = path.relative_to(log.tiles.directory).as_posix()
        try:
            same = path.read_bytes() == _partial(log, path)
        except (YiwangError, ValueError):
            same = False
        if not same:
            yield Finding(ALTERED, f"log/{name}", Text("不是日志的开头部分", "is not a beginning of the log's tile"))


def _partial(log: Log, path: Path) -> bytes:
    """What a partial tile or bundle must hold, by its place: ``tile/<level>/[x<nnn>/...]<nnn>.p/<width>``."""
    level, *numbers, width = path.relative_to(log.tiles.directory / "tile").parts
    index = int("".join(part.removeprefix("x").removesuffix(".p") for part in numbers))
    places = range(index * layout.WIDTH, index * layout.WIDTH + int(width))
    if level == "entries":
        return b"".join(layout.frame(log.tiles.entry(place)) for place in places)
    return b"".join(log.tiles.hash_at(int(level) * layout.HEIGHT, place) for place in places)


def checkpoints(log: Log, start: int, share: tuple[int, int]) -> Iterator[Finding]:
    """Checkpoints above a size, and of the older ones the share ``(n, of)``: signed by both keys, with the tiles' root.

    The newest is the one that is published.
    """
    number, of = share
    chosen = Checkpoint.objects.extra(where=["size > %s OR size %% %s = %s"], params=[start, of, number % of])
    periods = years.told() or years.history(log.tiles.directory)
    if periods != years.history(log.tiles.directory):
        yield Finding(ALTERED, "log/history.json", Text("与日志中记载的密钥更替不符", "is not what the log's entries say of its keys"))
    for row in chosen.order_by("size").iterator(chunk_size=500):
        yield from _checkpoint(log, row, *(years.judges(periods, row.size) if periods else (log.origin, log.keys.verifiers())))
    last = Checkpoint.objects.order_by("-size").first()
    if last is not None and not _published(log.tiles.checkpoint(), last.note):
        text = Text("发布的检查点不是最后签署的", "the published checkpoint is not the last one signed")
        yield Finding(ALTERED, "log/checkpoint", text)
    if log.tiles.size and (last is None or last.size < log.tiles.size):
        text = Text(
            f"日志有 {log.tiles.size} 条，最后的检查点是 {last.size if last else 0} 条",
            f"the log has {log.tiles.size} entries, the last checkpoint {last.size if last else 0}",
        )
        yield Finding(REMOVED, f"evidence.Checkpoint {log.tiles.size}", text)


def _published(found: bytes | None, note: str) -> bool:
    """The published note is the signed one, perhaps with witnesses' lines after it."""
    return found is not None and found.startswith(note.encode())


def _checkpoint(log: Log, row: Checkpoint, origin: str, keys: list[Verifier]) -> Iterator[Finding]:
    where = f"evidence.Checkpoint {row.size}"
    try:
        signed = open_checkpoint(row.note.encode(), keys, every=True).checkpoint
    except YiwangError as error:
        yield Finding(ALTERED, where, error.reasons[0].message, "note")
        return
    if (signed.size, signed.root, signed.origin) != (row.size, bytes(row.root), origin):
        text = Text("大小、根或来源与签名的检查点不符", "size, root or origin are not those that were signed")
        yield Finding(ALTERED, where, text, "root", bytes(row.root).hex()[:16], signed.root.hex()[:16])
    elif row.size > log.tiles.size:
        text = Text(f"日志只有 {log.tiles.size} 条，签过 {row.size} 条", f"the log has {log.tiles.size} entries; {row.size} were signed")
        yield Finding(REMOVED, "log", text, "size", str(log.tiles.size), str(row.size))
    elif log.tiles.root(row.size) != signed.root:
        yield Finding(ALTERED, where, Text("根与日志文件算出的不符", "its root is not the one that the tiles give"))


def cosignatures(start: int) -> Iterator[Finding]:
    """Cosignatures of checkpoints above a size: by the policy's keys they are good, and their checkpoints are there.

    And what witnesses ever accused this log of: their word is not ours to take back.
    """
    policy = policies.policy()
    keys = {policies.identity(party.vkey): party.vkey for party in policy.witnesses.values()} if policy else {}
    notes_ = dict(Checkpoint.objects.filter(size__gt=start).values_list("size", "note"))
    for row in Cosignature.objects.filter(checkpoint_id__gt=start).order_by("pk").iterator(chunk_size=500):
        where, note = f"evidence.Cosignature {row.checkpoint_id} {row.witness}", notes_.get(row.checkpoint_id)
        if note is None:
            text = Text("见证人联署过的检查点不见了", "the checkpoint that the witness cosigned is gone")
            yield Finding(REMOVED, f"evidence.Checkpoint {row.checkpoint_id}", text)
        elif row.key in keys and not good(row.line, note[: note.rindex("\n\n") + 1].encode(), keys[row.key]):
            text = Text("不是该见证人对这个检查点的签名", "is not this witness's signature of this checkpoint")
            yield Finding(ALTERED, where, text, "line")
    for alarm in witnesses.alarms():
        text = Text(f"{alarm.name}：{alarm.words.zh}", f"{alarm.name}: {alarm.words.en}")
        yield Finding(ALTERED, f"log (witness {alarm.name}, size {alarm.size})", text, since=moment.stamp(alarm.at))


def known(paths: Iterable[Path], log: Log) -> Iterator[Finding]:
    """All of :func:`as_seen_elsewhere`."""
    for path in paths:
        yield from as_seen_elsewhere(log, path)
