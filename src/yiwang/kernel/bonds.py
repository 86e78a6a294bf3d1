"""Bid bonds: where the policy forbids them, and what tenderers save by it, by a formula that is data (``law/bonds.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path

from yiwang.kernel.errors import bad
from yiwang.kernel.lawfile import law_path, read
from yiwang.kernel.money import yuan
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Verdict


@dataclass(frozen=True, slots=True)
class BondPolicy:
    """Where no bond may be asked: id, kinds of funding, title, explanation, article."""

    id: str
    funding: tuple[str, ...]
    title: Text
    says: Text
    article: str


@dataclass(frozen=True, slots=True)
class BondLaw:
    """Policies, and the figures of the count; percentages of 100, caps in fen by track (0: none)."""

    policies: tuple[BondPolicy, ...]
    percent: Decimal
    most: Mapping[str, int]
    article: str
    fee_percent: Decimal
    fee_article: str

    def refusing(self, funding: str) -> BondPolicy | None:
        """The policy that forbids a bond for this funding; None when one may be asked."""
        return next((each for each in self.policies if funding in each.funding), None)

    def bond(self, base: int, track: str) -> int:
        """What would have been asked of one tenderer, fen: percent of ``base`` (fen), at most the track's cap."""
        asked = _share(base, self.percent)
        cap = self.most.get(track, 0)
        return min(asked, cap) if cap else asked

    def fee(self, bond: int) -> int:
        """What a guarantee for a bond would have cost, fen."""
        return _share(bond, self.fee_percent)

    @property
    def formula(self) -> Text:
        """The count in words, for the page that shows its results."""
        caps = {track: yuan(cap) for track, cap in self.most.items() if cap}
        cap_zh = f"，工程每份至多 {caps['construction']} 元" if "construction" in caps else ""
        cap_en = f", at most {caps['construction']} yuan each for construction" if "construction" in caps else ""
        return Text(
            f"解除占用的资金 = Σ（限价或预算 × {self.percent}%{cap_zh}）× 已开标的投标数；"
            f"节省的保函费 = Σ 每份保证金 × {self.fee_percent}% × 投标数",
            f"Sums no longer tied up = Σ (ceiling or budget × {self.percent} %{cap_en}) × bids opened; "
            f"fees saved = Σ each bond × {self.fee_percent} % × bids",
        )


def _share(amount: int, percent: Decimal) -> int:
    """A percentage of fen, rounded half up to whole fen."""
    return int((Decimal(amount) * percent / 100).quantize(Decimal(1), ROUND_HALF_UP))


def bond_law() -> BondLaw:
    """The law of bonds, read again when its file has changed. LawFault when the file is wrong; names the line."""
    path = law_path("bonds.yaml")
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _read(path: Path, changed_ns: int) -> BondLaw:
    file = read(path)
    policies = []
    for number in range(len(file.need(("policies",), list))):
        at = ("policies", number)
        file.only(at, ("id", "funding", "title", "says", "article", "source"))
        funding = tuple(file.need((*at, "funding", place), str) for place in range(len(file.need((*at, "funding"), list))))
        policies.append(
            BondPolicy(file.need((*at, "id"), str), funding, file.text((*at, "title")), file.text((*at, "says")),
                       file.need((*at, "article"), str))
        )  # fmt: skip
    most = {track: file.need(("former", "most", track), int) for track in file.need(("former", "most"), dict)}
    return BondLaw(
        tuple(policies),
        Decimal(file.need(("former", "percent"), str)),
        most,
        file.need(("former", "article"), str),
        Decimal(file.need(("fee", "percent"), str)),
        file.need(("fee", "article"), str),
    )


def check(funding: str, bid_bond: int) -> Verdict:
    """Whether a tender with this funding may ask for a bid bond of so many fen."""
    policy = bond_law().refusing(funding)
    if not bid_bond or policy is None:
        return YES
    return Verdict(
        bad(
            "bid_bond",
            f"{policy.title.zh}，不得要求 {yuan(bid_bond)} 元的投标保证金",
            f"{policy.title.en}: a bond of {yuan(bid_bond)} yuan may not be asked",
            code=policy.id,
            article=policy.article,
            passes=Text("填 0：不收取", "0: none"),
        ).reasons
    )
