"""What the law file says of accounts: where certificates name the organisation, periods of notices, resets, invitations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from yiwang.kernel.lawfile import LawFile, law_path, read


@dataclass(frozen=True, slots=True)
class Place:
    """Where a certificate may name the credit code: ``where`` is ``subject`` or ``extension``, ``oid`` its number."""

    where: str
    oid: str
    name: str
    prefixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccountsLaw:
    """The law file.

    Attributes:
        notice_days: days before the end of a certificate at which it is called to mind, the longest first.
        statement: for how long a statement may wait for its signature.
        wait: time in which the person may object to a reset.
        people: how many must agree to a reset.
        invitation: for how long an invitation stands; ``most`` of one organisation at once.
    """

    places: tuple[Place, ...]
    notice_days: tuple[int, ...]
    statement: timedelta
    rsa_bits: int
    wait: timedelta
    people: int
    invitation: timedelta
    most: int


def accounts_law() -> AccountsLaw:
    """The law of accounts, read again when its file has changed. LawFault when the file is wrong."""
    path = law_path("accounts.yaml")
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, changed_ns: int) -> AccountsLaw:
    file = read(path)
    file.only((), ("version", "certificate", "reset", "invitation"))
    file.only(("certificate",), ("article", "source", "notice_days", "statement_minutes", "rsa_bits_least", "places"))
    file.only(("reset",), ("article", "source", "wait_hours", "people"))
    file.only(("invitation",), ("article", "source", "days", "most"))
    days = file.need(("certificate", "notice_days"), list)
    if not days or days != sorted(days, reverse=True) or not all(isinstance(day, int) and day > 0 for day in days):
        raise file.fault(("certificate", "notice_days"), "应为由大到小的天数", "must be days, the longest first")
    return AccountsLaw(
        tuple(_place(file, n) for n in range(len(file.need(("certificate", "places"), list)))),
        tuple(days),
        timedelta(minutes=_positive(file, "certificate", "statement_minutes")),
        _positive(file, "certificate", "rsa_bits_least"),
        timedelta(hours=_positive(file, "reset", "wait_hours")),
        _positive(file, "reset", "people"),
        timedelta(days=_positive(file, "invitation", "days")),
        _positive(file, "invitation", "most"),
    )


def _positive(file: LawFile, *where: str) -> int:
    number: int = file.need(where, int)
    if number <= 0:
        raise file.fault(where, "应为正数", "must be more than nothing")
    return number


def _place(file: LawFile, number: int) -> Place:
    at = ("certificate", "places", number)
    file.only(at, ("in", "oid", "name", "prefixes"))
    prefixes = tuple(str(each) for each in file.need((*at, "prefixes"), list))
    return Place(file.one_of((*at, "in"), ("subject", "extension")), file.need((*at, "oid"), str), file.need((*at, "name"), str), prefixes)
