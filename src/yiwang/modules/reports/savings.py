"""What enterprises save: bonds no longer tied up, guarantee fees, and the other policies (rows S070, S072, S073)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from yiwang.kernel import bonds
from yiwang.kernel.figures_law import Policy, policies
from yiwang.modules.reports import tenders_seen
from yiwang.modules.tenders.selectors import law_of


@dataclass(frozen=True, slots=True)
class Saved:
    """One tender: base and bond of one tenderer, bids opened, sum released and fees saved, all in fen."""

    tender: Any
    base: int
    bond: int
    bids: int
    released: int
    fees: int


@dataclass(frozen=True, slots=True)
class Applied:
    """A policy in one tender: whether it applies and is on, and its benefit in fen (None: not counted, or not known yet)."""

    policy: Policy
    applies: bool
    benefit: int | None

    @property
    def on(self) -> bool:
        """In force for this tender."""
        return self.applies and self.policy.on


def saved(found: Iterable[Any] | None = None) -> list[Saved]:
    """The tenders without a bond that the policy spared; only opened ones, since bids are secret before."""
    law, rows = bonds.bond_law(), []
    for tender in tenders_seen.published() if found is None else found:
        number = tenders_seen.bids(tender)
        if number is None or tender.bid_bond or law.refusing(tender.funding) is None:
            continue
        base = tenders_seen.base(tender)
        bond = law.bond(base, law_of(tender).track)
        rows.append(Saved(tender, base, bond, number, bond * number, law.fee(bond) * number))
    return rows


def applied(tender: Any) -> list[Applied]:
    """Every policy in one tender."""
    one = next(iter(saved([tender])), None)
    rows = []
    for policy in policies().rows:
        applies = _applies(policy, tender)
        rows.append(Applied(policy, applies, _benefit(policy, tender, one) if applies and policy.on else None))
    return rows


def totals() -> list[tuple[Policy, int, int]]:
    """By policy: in how many published tenders it is in force, and its benefit in fen so far."""
    found: dict[str, tuple[Policy, int, int]] = {policy.key: (policy, 0, 0) for policy in policies().rows}
    for tender in tenders_seen.published():
        for each in applied(tender):
            policy, count, sum_ = found[each.policy.key]
            found[each.policy.key] = (policy, count + each.on, sum_ + (each.benefit or 0))
    return list(found.values())


def _applies(policy: Policy, tender: Any) -> bool:
    if policy.applies == "government":
        return bool(tender.funding == "government") and not tender.bid_bond
    if policy.applies == "deductions":
        return bool((tender.formula.get("price") or {}).get("deductions"))
    if policy.applies == "reserved":
        return bool(tender.reserved_for == "small")
    return True


def _benefit(policy: Policy, tender: Any, one: Saved | None) -> int | None:
    if policy.benefit == "bond":
        return one.released if one else None
    if policy.benefit == "fee":
        return one.fees if one else None
    if policy.benefit == "award":
        award = getattr(tender, "award", None)
        return award.price if award is not None and award.notified_at is not None else None
    number = tenders_seen.bids(tender)
    return number * policies().document_fee if policy.benefit == "document" and number is not None else None
