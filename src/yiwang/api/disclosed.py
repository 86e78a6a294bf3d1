"""The acts of a tender as JSON: what the reader may read whole, the others as blind entries of the log."""

from __future__ import annotations

from typing import Any

from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.disclosure import Shown, disclose


def acts(actor: Actor, number: str) -> list[dict[str, Any]]:
    """The tender's acts by place in the log, as of the newest checkpoint."""
    found = disclose(number, actor)
    rows = [_shown(each) for each in found.shown]
    rows += [{"disclosed": False, "entry": entry.hex(), "index": index} for index, entry in found.hidden]
    return sorted(rows, key=lambda row: int(row["index"]))


def _shown(each: Shown) -> dict[str, Any]:
    act = each.act
    row = {
        "disclosed": True,
        "entry": bytes(act.entry).hex(),
        "index": each.index,
        "name": act.act,
        "subject": act.subject,
        "seq": act.seq,
        "salt": bytes(act.salt).hex(),
        "canonical": bytes(act.canonical).decode(),
    }
    return {**row, "private": act.private, "private_salt": act.private_salt} if each.private else row
