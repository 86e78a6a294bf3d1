"""Rules of framework agreements: who is admitted, who gets an order, who may join an open one (财政部令第110号)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel import framework as pure
from yiwang.kernel.errors import bad
from yiwang.kernel.money import yuan
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Verdict, verdict
from yiwang.modules.awards.admission_selectors import admission
from yiwang.modules.evidence.actors import SYSTEM, Actor
from yiwang.modules.evidence.registry import condition
from yiwang.modules.negotiations.law import book, knows, manner_of
from yiwang.modules.negotiations.models import Application, Choice


def admitted(framework: Any) -> list[str]:
    """Credit codes of who may get orders, in the order in which turns go round: by rank, or by when they joined."""
    decided = admission(SYSTEM, framework)
    if decided is not None:
        return list(decided.codes)
    joined = Application.objects.filter(tender=framework, admitted=True).order_by("reviewed_at", "pk")
    return list(dict.fromkeys(joined.values_list("supplier__uscc", flat=True)))


def prices(framework: Any) -> dict[str, int]:
    """The price of each admitted supplier's agreement, fen by credit code: as quoted, or as it applied with."""
    decided = admission(SYSTEM, framework)
    if decided is not None:
        return {row["tenderer"]: row["price"] for row in decided.admitted if row.get("price") is not None}
    joined = Application.objects.filter(tender=framework, admitted=True).order_by("reviewed_at", "pk")
    found: dict[str, int] = {}
    for code, price in joined.values_list("supplier__uscc", "price"):
        found.setdefault(code, price)
    return found


def most_of(framework: Any) -> int:
    """The ceiling of prices of an open agreement, fen."""
    most: int = framework.lots.first().ceiling or framework.budget
    return most


def lawful_price(framework: Any, price: int, *, field: str) -> Verdict:
    """Nobody joins an open agreement at a price above its ceiling (征集文件 must state it, 第12条)."""
    most = most_of(framework)
    return verdict(
        0 < price <= most, "framework.ceiling",
        Text("价格应大于零且不高于协议价格上限", "the price is above zero and not above the agreement's ceiling"),
        field=field, article="政府采购框架协议采购方式管理暂行办法 第12条", passes=Text(f"不高于 {yuan(most)}", f"at most {yuan(most)}"),
    )  # fmt: skip


def order_of(tender: Any) -> dict[str, Any]:
    """What bounds the quotes for an order; {} for what is no order under a framework agreement."""
    choice = getattr(tender, "framework_choice", None)
    return {} if choice is None else {"prices": choice.prices, "quantity": choice.quantity}


def too_dear(tender: Any, quotes: list[Any]) -> dict[str, Text]:
    """Why quotes for an order are rejected, by bid: they lie above the own price of the agreement."""
    return pure.too_dear([(bid.chain, bid.tenderer.uscc, bid.price or 0) for bid in quotes], order_of(tender))


def turn_of(framework: Any) -> int:
    """The number of the next order by turn, from 1. Orders that were ended or failed keep their turn."""
    return Choice.objects.filter(tender__stage_of=framework, manner="turn").count() + 1


def next_in_turn(listed: list[str], turn: int) -> str:
    """Whose turn it is: the list is walked round and round."""
    return listed[(turn - 1) % len(listed)]


def not_chosen(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """It is decided once whom the order goes to."""
    return verdict(not hasattr(tender, "framework_choice"), "framework.chosen", Text("已经确定", "it is decided already"))


def somebody_admitted(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The framework agreement has suppliers."""
    return verdict(
        tender.stage_of_id is not None and bool(admitted(tender.stage_of)), "framework.empty",
        Text("框架协议还没有入围供应商", "nobody is admitted to the framework agreement yet"),
        article=book()["manners"]["compete"]["article"],
    )  # fmt: skip


def lawful_choice(manner: str, listed: list[str], supplier: str, reason: str) -> Verdict:
    """Only an admitted supplier, only where the manner lets one choose, and with the reason."""
    article = book()["manners"][manner]["article"]
    if manner != "direct":
        return verdict(
            not supplier, "framework.manner", Text("本方式不由采购人挑选供应商", "in this manner nobody picks the supplier"),
            field="supplier", article=article, passes=Text("留空", "leave it empty"),
        )  # fmt: skip
    found = YES
    if supplier not in listed:
        found &= Verdict(
            bad("supplier", f"{supplier or '（空）'} 不是入围供应商", f"{supplier or '(empty)'} is not admitted", article=article,
                passes=Text("、".join(listed), ", ".join(listed))).reasons
        )  # fmt: skip
    if not reason.strip():
        found &= Verdict(bad("reason", "请写明选定的理由", "say why this supplier", article=article).reasons)
    return found


@condition("tender.invite", "tender.publish")
def supplier_is_found(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """An order goes out once it is decided to whom."""
    if not knows(tender, "framework.choose") or hasattr(tender, "framework_choice"):
        return YES
    return verdict(
        False, "framework.open", Text("还没有确定本订单的供应商", "it is not decided yet whom this order goes to"),
        article=book()["manners"][manner_of(tender)]["article"], passes=Text("先确定供应商", "decide that first"),
    )  # fmt: skip


def no_own_open_application(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """One application at a time; who is in need not apply again."""
    own = tender.applications.filter(supplier=actor.organisation).exclude(admitted=False) if actor.organisation else ()
    return verdict(
        not own, "framework.applied", Text("您已经申请或者已经加入", "you have applied or joined already"),
        article="政府采购框架协议采购方式管理暂行办法",
    )  # fmt: skip


def has_open_application(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """There is an application to review."""
    return verdict(
        tender.applications.filter(admitted=None).exists(), "framework.none",
        Text("没有待审核的申请", "no application waits for its review"),
    )  # fmt: skip


def all_reviewed(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The open framework ends once every application has its answer."""
    return verdict(
        not tender.applications.filter(admitted=None).exists(), "framework.waiting",
        Text("还有申请没有审核", "an application is not reviewed yet"), passes=Text("先审核全部申请", "review all of them first"),
    )  # fmt: skip
