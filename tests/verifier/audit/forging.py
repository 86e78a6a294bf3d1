"""What somebody does who has the database, the disk and the log's own keys: change the past and make all of it agree."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from typing import Any

from yiwang.kernel.canonical import canonical
from yiwang.modules.evidence import sequencer
from yiwang.modules.evidence.commitments import commit
from yiwang.modules.evidence.models import Act, Checkpoint, LogEntry
from yiwang.tlog import Checkpoint as Signed
from yiwang.tlog import TileLog, sign_checkpoint

from .conftest import City, Superuser


def rewrite(city: City, superuser: Superuser, name: str, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the public part of an act, then every later act that names it, the tiles, and all checkpoints anew."""
    made: dict[str, str] = {}
    entries = []
    for act in Act.objects.filter(log_entry__isnull=False).order_by("log_entry__index"):
        content = bytes(act.canonical)
        for old, new in made.items():
            content = content.replace(old.encode(), new.encode())
        if act.act == name:
            said = json.loads(content)
            change(said["public"])
            content = canonical(said)
        entry = bytes(act.entry)
        if content != bytes(act.canonical):
            entry = commit(bytes(act.salt), content)
            made[bytes(act.entry).hex()] = entry.hex()
            superuser("UPDATE evidence_act SET canonical = %s, entry = %s WHERE id = %s", content, entry, act.pk)
        entries.append(entry)
    relog(city, superuser, entries)


def relog(city: City, superuser: Superuser, entries: list[bytes]) -> None:
    """A log of these entries in place of ours, with a checkpoint, signed by the log's own key, wherever there was one."""
    log = sequencer.the_log()
    keys, origin = log.keys, log.origin
    before = city.log.rename(city.log.with_name("log.before"))
    tiles, note = TileLog(city.log), b""
    for path in before.glob("*.json"):  # the history of the log's keys
        shutil.copy(path, city.log)
    shutil.rmtree(before)
    for row in Checkpoint.objects.filter(size__lte=len(entries)).order_by("size"):
        tiles.append(entries[tiles.size : row.size])
        note = sign_checkpoint(Signed(origin, row.size, tiles.root()), keys)
        superuser("UPDATE evidence_checkpoint SET root = %s, note = %s WHERE size = %s", tiles.root(), note.decode(), row.size)
    if tiles.size < len(entries):
        tiles.append(entries[tiles.size :])
        note = sign_checkpoint(Signed(origin, tiles.size, tiles.root()), keys)
        values = tiles.size, tiles.root(), note.decode()
        superuser("INSERT INTO evidence_checkpoint (size, root, note, at) VALUES (%s, %s, %s, now())", *values)
    tiles.publish(note)
    sequencer.forget()


def restore_backup(city: City, superuser: Superuser, size: int) -> None:
    """Database, log and files as they were when the log had ``size`` entries; only archiving was done since."""
    entries = [bytes(each) for each in LogEntry.objects.order_by("index").values_list("act__entry", flat=True)][:size]
    superuser(
        "DELETE FROM evidence_notification WHERE act_id IN (SELECT act_id FROM evidence_logentry WHERE index >= %s)", size
    )
    superuser("DELETE FROM evidence_act WHERE id IN (SELECT act_id FROM evidence_logentry WHERE index >= %s)", size)
    superuser("DELETE FROM evidence_logentry WHERE index >= %s", size)
    superuser("DELETE FROM evidence_checkpoint WHERE size > %s", size)
    superuser("UPDATE tenders_tender SET state = 'contracted', events = events - 'archive.started'")
    relog(city, superuser, entries)


def copied(superuser: Superuser, table: str, where: str, **fields: object) -> int:
    """A copy of one row with other values in some columns, whatever columns the table has."""
    return superuser(
        f"INSERT INTO {table} SELECT (jsonb_populate_record(found, %s::jsonb)).* FROM {table} found WHERE {where} LIMIT 1",
        json.dumps(fields),
    )
