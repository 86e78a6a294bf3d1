"""Parts of a tender shaped for reading: candidates, draw, contract, the papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from yiwang.desks import remedy_words, wording
from yiwang.desks.called import called
from yiwang.kernel import publicity as public_law
from yiwang.kernel.evaluation_facts import rank_words
from yiwang.kernel.text import Text
from yiwang.ui.shapes import Fact, Tag
from yiwang.ui.tables import Column, Table, table_of


@dataclass(frozen=True)
class Answered:
    """An objection that was answered: against what, whether upheld, the answer."""

    kind: Text
    tag: Tag
    answer: str
    at: datetime
    withdrawn: bool = False


def objections(items: list[Any]) -> list[Answered]:
    """What the public reads of objections: their answers, never the objection or who raised it."""
    return [
        Answered(
            remedy_words.kind_name(item.tender, item.kind),
            remedy_words.objection_tag(item, item.answered_at or item.withdrawn_at),
            item.answer,
            item.answered_at or item.withdrawn_at,
            withdrawn=item.withdrawn_at is not None,
        )
        for item in items
    ]


def candidates(publicity: Any) -> Table | None:
    """The candidates as publicised."""
    if publicity is None:
        return None
    scored = any(each["total"] is not None for each in publicity.candidates)
    columns = [
        Column("rank", Text("名次", "Rank"), "number"),
        Column("name", Text("中标候选人", "Candidate"), head=True, value=wording.candidate),
        Column("price", Text("报价（元）", "Price (yuan)"), "money"),
        *([Column("total", Text("总分", "Score"), "number")] if scored else []),
    ]
    return table_of(None, Text("中标候选人", "Candidates"), columns, publicity.candidates, per_page=50)


def draw_facts(draw: Any, seats: list[Any], commitments: list[Any], drawn: dict[str, Any]) -> list[Fact]:
    """The draw in figures: what was fixed before, and from the award what came out."""
    if draw is None:
        return []
    wanted = Text("、".join(f"{name.zh if isinstance(name, Text) else name} {n} 人" for name, n in seats),
                  ", ".join(f"{n} {name.en if isinstance(name, Text) else name}" for name, n in seats))  # fmt: skip
    rows = [
        Fact(Text("名单人数", "On the list"), len(draw.leaves), "number"),
        Fact(Text("席位", "Seats"), wanted),
        Fact(Text("名单之根", "Root of the list"), draw.list_root, "hash"),
    ]
    rows += [Fact(Text(f"承诺：{party.zh}", f"Commitment: {party.en}"), value, "hash") for party, value in commitments]
    if not drawn:
        return rows
    shares = [Fact(Text(f"随机数：{wording.SIDES[side].zh}", f"Share: {wording.SIDES[side].en}"), value, "hash")
              for side, value in sorted(drawn["shares"].items())]  # fmt: skip
    beacon = Fact(Text("承诺之后的日志根", "Later root of the log"), drawn["beacon"]["root"], "hash",
                  note=Text(f"共 {drawn['beacon']['size']} 条时", f"at {drawn['beacon']['size']} entries"))  # fmt: skip
    return [*rows, *shares, beacon, Fact(Text("种子", "Seed"), drawn["seed"], "hash")]


def secret_article() -> str:
    """The article that keeps the members' names secret until the award."""
    return public_law.publicity_of("draw.seat").article


def contract_facts(contract: Any, found: Any) -> list[Fact]:
    """The contract's key terms."""
    if contract is None:
        return []
    return [
        Fact(called(found).buyer, contract.content["buyer"]["name"]),
        Fact(called(found).winner, wording.suppliers(contract.content)),
        Fact(Text("合同价", "Contract price"), contract.content["price"], "money", note=Text("与中标价一致", "as awarded")),
        Fact(Text("双方签订", "Signed by both"), contract.signed_at, "when"),
        Fact(Text("登记", "Registered"), contract.registered_at, "when"),
        Fact(Text("合同指纹", "Hash of the contract"), contract.sha256, "hash"),
    ]


def notice_facts(award: Any, found: Any) -> list[Fact]:
    """What the award notice states."""
    if award is None:
        return []
    return [
        Fact(called(found).buyer, found.buyer.name),
        Fact(Text("项目", "Tender"), found.title),
        Fact(Text("编号", "Number"), found.number),
        Fact(called(found).winner, award.party, note=award.tenderer.uscc),
        Fact(called(found).price, award.price, "money"),
        Fact(Text("评标名次", "Rank"), rank_words(award.rank)),
    ]


def opening_facts(opening: Any, found: Any, opened: int) -> list[Fact]:
    """The head of the opening record."""
    if opening is None:
        return []
    return [
        Fact(Text("项目", "Tender"), found.title, url=reverse("public:tender", args=[found.number])),
        Fact(Text("编号", "Number"), found.number),
        Fact(called(found).buyer, found.buyer.name),
        Fact(Text("投标截止", "Bids closed"), found.deadline, "when"),
        Fact(Text("开标", "Opened"), opening.opened_at, "when"),
        Fact(Text("投标份数", "Bids"), opened, "number"),
    ]
