"""A list as a file: the same rows and order as on the page, for spreadsheets (CSV) and programs (JSON)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from yiwang.kernel import moment

MOST = 50_000
"""Rows of one file; a longer list is cut by the filters of its page."""

Row = dict[str, Any]


def wanted(request: HttpRequest) -> str:
    """``csv`` or ``json`` when the address asks for a file, else ''."""
    asked = request.GET.get("format", "")
    return asked if asked in ("csv", "json") else ""


def as_file(kind: str, name: str, rows: Iterable[Row]) -> HttpResponse:
    """The rows as a download; amounts in yuan as decimal strings, moments as RFC 3339 in UTC."""
    plain = [{key: _plain(value) for key, value in row.items()} for row in rows]
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    if kind == "json":
        return JsonResponse(plain, safe=False, json_dumps_params={"ensure_ascii": False}, headers=headers)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(plain[0]) if plain else [])
    writer.writeheader()
    writer.writerows({key: _cell(value) for key, value in row.items()} for row in plain)
    # The mark at the start makes spreadsheet programs read the Chinese as UTF-8.
    return HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def yuan(fen: int | None) -> str | None:
    """Fen as a plain decimal number of yuan."""
    return None if fen is None else f"{Decimal(fen) / 100:.2f}"


def _plain(value: Any) -> Any:
    return moment.stamp(value) if isinstance(value, datetime) else value


def _cell(value: Any) -> Any:
    """A spreadsheet takes text that begins like this for a formula; the quote keeps it text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
