"""The audit of the modules' rows: each is derived again from the acts and compared.

For each tender one print is taken of all its rows, in the database and in one pass over each table. Tenders whose print
is not the one remembered, or that have new acts, are compared; so is a share of the others in turn. A row that somebody
slips in, alters or deletes without an act changes the print, so it is found in the next run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from django.db.models import Aggregate, CharField, F
from django.db.models.functions import Cast

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.modules.evidence.audit_memory import Memory, clock
from yiwang.modules.evidence.finding import ADDED, DAMAGED, Finding, Progress
from yiwang.modules.evidence.findings import Kept, Scope
from yiwang.modules.evidence.models import Act

BUSINESS = (
    "yiwang.modules.parties.audit",
    "yiwang.modules.venues.audit",
    "yiwang.modules.tenders.audit",
    "yiwang.modules.remedies.audit",
    "yiwang.modules.bids.audit",
    "yiwang.modules.openings.audit",
    "yiwang.modules.experts.audit",
    "yiwang.modules.evaluations.audit",
    "yiwang.modules.awards.audit",
    "yiwang.modules.contracts.audit",
    "yiwang.modules.negotiations.audit",
)
"""Named by path, not imported: evidence stands above these modules and may not know their tables. Each may have

``KEPT``: its tables whose rows belong to a tender and are told of by acts (:class:`.findings.Kept`);
``findings(scope)``: what is wrong with the rows of some tenders;
``everywhere()``: what is wrong with rows that belong to no tender, or whose acts do not name theirs openly.

A new module with legal rows adds its line here."""

GROUP = 100
"""Tenders that are compared, and remembered, together."""


class RowsPrint(Aggregate):
    """SHA-256 over all of a table's columns of a group of rows, in the order of their keys."""

    function = ""
    output_field = CharField()

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> tuple[str, tuple[str | int, ...]]:
        table = connection.ops.quote_name(compiler.query.get_meta().db_table)
        key = connection.ops.quote_name(compiler.query.get_meta().pk.column)
        return f"encode(sha256(convert_to(string_agg({table}::text, E'\\n' ORDER BY {table}.{key}), 'UTF8')), 'hex')", ()


def prints() -> tuple[dict[str, str], list[Finding]]:
    """One print for each tender's number over all its rows and the count of its acts; and rows of no known tender."""
    parts: dict[str, list[str]] = {}
    lost: list[Finding] = []
    for kept in _kept():
        path = f"{kept.tender}__number" if kept.tender else "number"
        label = f"{kept.model._meta.app_label}.{kept.model.__name__}"
        found = kept.model.objects.order_by().annotate(of=F(path)).values("of").annotate(value=RowsPrint("pk"))
        for number, value in found.values_list("of", "value"):
            parts.setdefault(number or "", []).append(f"{label}={value}")
        lost += _orphans(kept, label)
    for number, last in _acts():
        parts.setdefault(number, []).append(f"acts={last}")
    parts.pop("", None)
    return {number: hashlib.sha256("\n".join(values).encode()).hexdigest() for number, values in parts.items()}, lost


def _kept() -> Iterator[Kept]:
    for name in BUSINESS:
        yield from getattr(import_module(name), "KEPT", ())


def _orphans(kept: Kept, label: str) -> Iterator[Finding]:
    """Rows that lead to no tender: theirs was deleted, or they never had one."""
    if not kept.tender:
        return
    reached = kept.model.objects.filter(**{f"{kept.tender}__number__isnull": False}).values("pk")
    gone = kept.model.objects.exclude(pk__in=reached).annotate(key=Cast("pk", CharField()))
    for key in gone.order_by("pk").values_list("key", flat=True):
        yield Finding(ADDED, f"{label} row {key}", Text("这一行不属于任何项目", "this row leads to no tender"))


def _acts() -> Iterator[tuple[str, int]]:
    from django.db.models import Count

    found = Act.objects.filter(subject__startswith="tender/").order_by().values("subject").annotate(n=Count("pk"))
    for subject, count in found.values_list("subject", "n"):
        yield subject.removeprefix("tender/"), count


def due(memory: Memory, now: dict[str, str], *, began: float, full: bool, share: int) -> list[str]:
    """Numbers of the tenders to compare: changed ones, then the ``share`` that waited longest; all when ``full``."""
    old = [number for number, value in now.items() if memory.tenders.get(number, ("", 0))[0] == value]
    changed = [*sorted(now.keys() - old), *sorted(memory.tenders.keys() - now.keys())]
    old.sort(key=lambda number: memory.tenders[number][1])
    again = [number for number in old if memory.tenders[number][1] < began]
    return changed + (again if full else again[:share])


def compare(numbers: list[str], now: dict[str, str], memory: Memory, progress: Progress) -> Iterator[Finding]:
    """Compare the rows of tenders with their acts; those in order are remembered."""
    for start in range(0, len(numbers), GROUP):
        group = numbers[start : start + GROUP]
        found = list(_compare(Scope(frozenset(group))))
        yield from found
        if found and len(group) > 1:  # whose they are: one tender's fault is not to keep the others from being in order
            faulty = {number for number in group if any(_compare(Scope(frozenset([number]))))}
        else:
            faulty = set(group) if found else set()
        memory.note(
            *({"tender": number, "print": now.get(number, ""), "at": clock()} for number in group if number not in faulty),
            *({"tender": number, "print": "?", "at": 0} for number in faulty & memory.tenders.keys()),
        )
        progress("rows", min(start + GROUP, len(numbers)), len(numbers))
    progress("rows", len(numbers), len(numbers))


def _compare(scope: Scope) -> Iterator[Finding]:
    for name in BUSINESS:
        look = getattr(import_module(name), "findings", None)
        if look is not None:
            yield from guarded(name.split(".")[2], lambda look=look: look(scope))  # type: ignore[misc]


def everywhere(progress: Progress) -> Iterator[Finding]:
    """What modules have to compare beside the tenders' rows."""
    for number, name in enumerate(BUSINESS, 1):
        look = getattr(import_module(name), "everywhere", None)
        if look is not None:
            yield from guarded(name.split(".")[2], look)
        progress("modules", number, len(BUSINESS))


def guarded(where: str, look: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """All findings; data so broken that it cannot be compared is itself a finding, and the audit goes on."""
    found: list[Finding] = []
    try:
        found.extend(look())
    except YiwangError as error:
        found += [Finding(DAMAGED, reason.field or where, reason.message) for reason in error.reasons]
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        kind = type(error).__name__
        text = Text(f"数据残缺，无法继续比对（{kind}：{error}）", f"data too broken to compare on ({kind}: {error})")
        found.append(Finding(DAMAGED, where, text))
    return found
