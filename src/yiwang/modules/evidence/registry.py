"""All transition tables of all modules, and the conditions that later modules add to earlier acts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from yiwang.kernel.transitions import Guard, Table, Transition

TABLES: dict[str, Table] = {}
_conditions: dict[str, list[Guard]] = {}


def register(table: Table) -> Table:
    """Add a table; an act may stand in one table only."""
    for other in TABLES.values():
        both = other.rows.keys() & table.rows.keys()
        if both and other is not table:
            raise ValueError(f"{sorted(both)} stand in two tables")
    TABLES[table.kind] = table
    return table


def condition(*acts: str) -> Callable[[Guard], Guard]:
    """Let a later module add a condition to acts of an earlier one (open objections block closing, say)."""

    def add(guard: Guard) -> Guard:
        for act in acts:
            _conditions.setdefault(act, []).append(guard)
        return guard

    return add


def rows() -> Iterator[Transition]:
    """Every transition of the house, table by table."""
    for table in TABLES.values():
        yield from table


def row_of(act: str) -> Transition:
    """The transition of an act; KeyError when there is no such act."""
    for table in TABLES.values():
        if act in table.rows:
            return table.rows[act]
    raise KeyError(act)


def guards_of(row: Transition) -> tuple[Guard, ...]:
    """The row's own guards and those that later modules added."""
    return row.guards + tuple(_conditions.get(row.act, ()))
