"""Blind acts: rows of acts whose existence is secret until the opening, all alike, and cover acts among them.

A blind row's columns say nothing: no act, no chain, no tender, no party, no moment. Everything stands sealed in
``canonical``; only ``entry``, the blind commitment that the log holds, is as in any other row. The program finds its own
rows again by handles: the n-th act of a secret list has the handle (list, n). When what was secret is public, the rows
are filled in with what they always said (:func:`unveil`); the database's trigger checks that this gives ``entry``.
"""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Iterable
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from django.conf import settings
from django.db import connection

from yiwang.kernel import moment
from yiwang.kernel.canonical import canonical
from yiwang.modules.evidence import blinding, commitments
from yiwang.modules.evidence.models import BLIND, Act, Outbox

COVER = "log.cover"
_SOME = 16
"""Places of a list that are looked up at once; a party's own list hardly ever has more."""
_lengths: dict[str, int] = {}
"""How many acts this process has seen in a list. Lists only grow, so that is where it looks for the end."""
_MOST_LENGTHS = 10_000
NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_FILLED = ("act", "subject", "seq", "person_id", "organisation_id", "role", "at", "salt", "canonical", "request_key")


@dataclass(frozen=True)
class Lists:
    """The secret lists in which a blind act is entered: that of all such acts together, and that of its own party."""

    all: str
    own: str


def key() -> blinding.BlindingKey:
    """This installation's blinding key; made at first use.

    Raises:
        BlindingFault: it is gone although there are rows that need it, or others can read it.
    """
    return blinding.load(blinding.folder_of(Path(settings.LOG_FOLDER)), lambda: not Act.objects.filter(act=BLIND).exists())


def hide(act: Act, lists: Lists, own: list[Act]) -> Act:
    """The blind row of an act (without private part), next in its lists. ``own``: :func:`owned` of ``lists.own``."""
    known = key()
    return _hidden(act, known, known.handle(lists.all, _length(known, lists.all)), known.handle(lists.own, len(own)))


def cover(now: datetime) -> Act:
    """A blind row of an act that never was: it says only that it is a cover, and when it was made."""
    subject, salt = f"cover/{uuid.uuid4().hex}", commitments.new_salt()
    content = canonical(
        {
            "v": 1, "act": COVER, "actor": {"role": "system", "party": "", "person": ""}, "at": moment.stamp(now),
            "subject": subject, "seq": 0, "prev": "", "public": {}, "private_digest": "",
        }
    )  # fmt: skip
    act = Act(act=COVER, subject=subject, seq=0, role="system", at=now, salt=salt, canonical=content)
    act.entry = commitments.commit(salt, content)
    return _hidden(act, key(), secrets.token_hex(32), secrets.token_hex(32))


def _hidden(act: Act, known: blinding.BlindingKey, listed: str, owned: str) -> Act:
    if act.private or act.tender_id:
        raise ValueError("a blind act has no private part and belongs to no tender openly")
    head = {
        "at": act.at.isoformat(),
        "organisation": act.organisation_id,
        "person": str(act.person_id) if act.person_id else None,
        "request_key": act.request_key,
        "salt": act.salt.hex(),
    }
    row = copy(act)
    row.canonical = known.seal(canonical(head) + b"\n" + bytes(act.canonical), bytes(act.entry))
    row.act, row.subject, row.seq, row.role, row.at, row.salt = BLIND, f"blind/{listed[:32]}", 0, "", NO_TIME, b""
    row.person, row.organisation = None, None
    row.listed, row.owned = listed, owned
    row.request_key = known.handle("request", act.request_key) if act.request_key else secrets.token_hex(32)
    return row


def reveal(act: Act, known: blinding.BlindingKey | None = None) -> Act:
    """The act with what it says, in memory only; an act that is not blind as it is. ``known``: the key, when it is at hand."""
    if act.act != BLIND:
        return act
    head, _, content = (known or key()).open(bytes(act.canonical), bytes(act.entry)).partition(b"\n")
    told, said = json.loads(head), json.loads(content)
    act.act, act.subject, act.seq, act.role = said["act"], said["subject"], said["seq"], said["actor"]["role"]
    act.at, act.salt, act.canonical = datetime.fromisoformat(told["at"]), bytes.fromhex(told["salt"]), content
    act.person_id = uuid.UUID(told["person"]) if told["person"] else None
    act.organisation_id, act.request_key = told["organisation"], told["request_key"]
    return act


def unveil(acts: Iterable[Act]) -> int:
    """Fill in the rows of acts that :func:`reveal` read, for good: what they say need not be secret any longer."""
    return sum(
        Act.objects.filter(pk=act.pk, act=BLIND).update(**{name: getattr(act, name) for name in _FILLED}) for act in acts
    )


def listed(name: str) -> list[Act]:
    """All acts of a secret list, blind or unveiled by now, in their order; each can be read."""
    return _found("listed", name)


def owned(name: str) -> list[Act]:
    """One party's acts of a secret list, in their order."""
    return _found("owned", name)


def _found(column: str, name: str) -> list[Act]:
    known, found = key(), list[Act]()
    for start in count(0, _SOME):
        some = list(Act.objects.filter(**{f"{column}__in": _handles(known, name, start)}).select_related("log_entry").order_by("pk"))
        found += (reveal(act, known) for act in some)
        if len(some) < _SOME:
            return found
    raise AssertionError  # count() does not end


def mentions(name: str, word: str) -> bool:
    """Whether any act of a secret list has this word in its content; quicker than to read the acts."""
    known, wanted = key(), word.encode()
    handles = _handles(known, name, 0, _length(known, name))
    return any(
        wanted in (known.open(bytes(content), bytes(entry)) if act == BLIND else bytes(content))
        for act, content, entry in Act.objects.filter(listed__in=handles).values_list("act", "canonical", "entry")
    )


def _length(known: blinding.BlindingKey, name: str) -> int:
    """How many acts a secret list has; none of them is read for it."""
    start = max(0, _lengths.get(name, 0) - 1)
    some = _there(known, name, start)
    if start and not some:  # the list of another database, or of one that was restored
        start, some = 0, _there(known, name, 0)
    while some == _SOME:
        start += _SOME
        some = _there(known, name, start)
    if len(_lengths) > _MOST_LENGTHS:
        _lengths.clear()
    _lengths[name] = start + some
    return start + some


def _there(known: blinding.BlindingKey, name: str, start: int) -> int:
    return Act.objects.filter(listed__in=_handles(known, name, start)).count()


def _handles(known: blinding.BlindingKey, name: str, start: int, size: int = _SOME) -> list[str]:
    return [known.handle(name, n) for n in range(start, start + size)]


def begun(names: Iterable[str]) -> set[str]:
    """Which of these parties' lists have any act."""
    known = key()
    handles = {known.handle(name, 0): name for name in names}
    found = Act.objects.filter(owned__in=handles).values_list("owned", flat=True)
    return {handles[each] for each in found if each is not None}


def following(chain: str, acts: list[Act]) -> tuple[int, str]:
    """Number of a secret chain's next act, and the entry of its last one in hex; ``acts``: those of its party, in order."""
    last = [act for act in acts if act.subject == chain][-1:]
    return (last[0].seq + 1, bytes(last[0].entry).hex()) if last else (0, "")


def by_request(request_key: str) -> Act | None:
    """The act that a request did, blind or not. Without the blinding key open acts go on; there can be no new blind one."""
    names = [request_key]
    with suppress(blinding.BlindingFault):
        names.append(key().handle("request", request_key))
    with connection.cursor() as cursor:  # every act asks this, and the answer is nearly always no
        cursor.execute("SELECT id FROM evidence_act WHERE request_key = ANY(%s) LIMIT 1", [names])
        found = cursor.fetchone()
    return reveal(Act.objects.get(pk=found[0])) if found else None


def waiting() -> tuple[int, int]:
    """How many acts wait for their place in the log, and how many of them are blind."""
    return Outbox.objects.count(), Outbox.objects.filter(act__act=BLIND).count()


def oldest(limit: int) -> list[Act]:
    """The oldest blind acts that have their place in the log, revealed in memory."""
    return [reveal(act) for act in Act.objects.filter(act=BLIND, log_entry__isnull=False).order_by("pk")[:limit]]
