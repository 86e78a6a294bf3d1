"""Dense tables whose filters, order and page live in the address, so that a link shows what its sender saw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from yiwang.ui.shapes import Filter, Kind, Words
from yiwang.ui.show import pick, show

NUMERIC = {"money", "number", "wan", "size"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        key: the row's key or attribute, and the word in ``?sort=``.
        label: the heading.
        kind: how the value is shown; money in fen.
        value: computes the value from the row instead of taking ``key``.
        url: computes a link for the cell.
        sort: True when the rows can be ordered by ``key``; a string names another field to order by.
        head: True for the cell that names the row.
    """

    key: str
    label: Words
    kind: Kind = "text"
    value: Callable[[Any], Any] | None = None
    url: Callable[[Any], str] | None = None
    sort: bool | str = False
    head: bool = False

    @property
    def numeric(self) -> bool:
        """True when the cells are set to the right."""
        return self.kind in NUMERIC

    def of(self, row: Any) -> Any:
        """The row's raw value."""
        return self.value(row) if self.value else pick(row, self.key)


@dataclass(frozen=True, slots=True)
class Cell:
    """One shown cell."""

    column: Column
    html: Any
    url: str


@dataclass(frozen=True, slots=True)
class Heading:
    """One shown heading: ``url`` orders by it, ``order`` is ``ascending``, ``descending`` or empty."""

    column: Column
    url: str
    order: str


@dataclass
class Table:
    """A table ready for ``{% table table %}``. Make it with :func:`table_of`."""

    caption: Words
    headings: list[Heading]
    rows: list[list[Cell]]
    page: Page[Any] | None = None
    filters: Sequence[Filter] = ()
    empty: Words = ""
    cards: bool = True
    path: str = ""
    kept: list[tuple[str, str]] = field(default_factory=list)
    first_url: str = ""
    last_url: str = ""
    previous_url: str = ""
    next_url: str = ""

    @property
    def filtered(self) -> bool:
        """True when a filter is in force."""
        return any(one.value for one in self.filters)


def address(request: HttpRequest | None, **changes: str | int | None) -> str:
    """The query string with changes; None removes a key."""
    if request is None:
        return "?"
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"?{query.urlencode()}"


def order_of(request: HttpRequest | None, columns: Sequence[Column], default: str = "") -> str:
    """The field to order by (``-`` first for descending) from ``?sort=``; only sortable columns are taken."""
    asked = (request.GET.get("sort", "") if request else "") or default
    for column in columns:
        if column.sort and column.key == asked.removeprefix("-"):
            name = column.sort if isinstance(column.sort, str) else column.key
            return f"-{name}" if asked.startswith("-") else name
    return ""


def _ordered(rows: Any, order: str) -> Any:
    if not order:
        return rows
    if hasattr(rows, "order_by"):
        return rows.order_by(order, "pk")
    name = order.removeprefix("-")
    present = [row for row in rows if pick(row, name) is not None]
    absent = [row for row in rows if pick(row, name) is None]
    return sorted(present, key=lambda row: pick(row, name), reverse=order.startswith("-")) + absent


def _heading(request: HttpRequest | None, column: Column, asked: str) -> Heading:
    up, down = asked == column.key, asked == f"-{column.key}"
    url = address(request, sort=f"-{column.key}" if up else column.key, page=None) if column.sort else ""
    return Heading(column, url, "ascending" if up else "descending" if down else "")


def _cells(columns: Sequence[Column], row: Any) -> list[Cell]:
    return [
        Cell(column, show(column.of(row), column.kind), column.url(row) if column.url else "") for column in columns
    ]


def table_of(
    request: HttpRequest | None,
    caption: Words,
    columns: Sequence[Column],
    rows: Any,
    *,
    filters: Sequence[Filter] = (),
    per_page: int = 50,
    default_sort: str = "",
    empty: Words = "",
    cards: bool = True,
) -> Table:
    """A table from a list or queryset: ordered by ``?sort=``, cut to ``?page=``.

    The caller applies the filters to ``rows``; this only shows them and keeps them in the links. ``cards`` lets rows
    become cards on a phone; with False the table scrolls sideways inside its own region.
    """
    asked = (request.GET.get("sort", "") if request else "") or default_sort
    page = Paginator(_ordered(rows, order_of(request, columns, default_sort)), per_page).get_page(
        request.GET.get("page") if request else 1
    )
    pages = page.paginator.num_pages
    named = {one.name for one in filters} | {"page"}
    return Table(
        caption=caption,
        headings=[_heading(request, column, asked) for column in columns],
        rows=[_cells(columns, row) for row in page],
        page=page,
        filters=filters,
        empty=empty,
        cards=cards,
        path=request.path if request else "",
        kept=[(key, str(value)) for key, value in request.GET.items() if key not in named] if request else [],
        first_url=address(request, page=1) if page.number > 2 else "",
        last_url=address(request, page=pages) if page.number < pages - 1 else "",
        previous_url=address(request, page=page.number - 1) if page.has_previous() else "",
        next_url=address(request, page=page.number + 1) if page.has_next() else "",
    )
