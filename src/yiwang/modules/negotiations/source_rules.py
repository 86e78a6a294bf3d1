"""Rules of single-source procurement: grounds, publicity of at least five working days, objections (政府采购法实施条例 第38条)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Verdict, verdict
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.registry import condition
from yiwang.modules.negotiations.law import book, knows, named
from yiwang.modules.tenders import services as tenders

PERIOD = ("single_source_publicity.start", "single_source_publicity.end")
"""Clock events of the publicity (ZC-15)."""


def not_publicised(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """It is publicised once."""
    return verdict(
        not hasattr(tender, "source_publicity"), "source.publicised", Text("已经公示", "it is publicised already")
    )


def objections_open(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Objections are taken within the publicity."""
    end = tenders.noted(tender, PERIOD[1])
    return verdict(
        end is not None and now <= end, "ZC-15", Text("不在单一来源公示期内", "the publicity is not open"),
        article="政府采购法实施条例 第38条",
    )  # fmt: skip


def has_open_objection(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """There is an objection to answer."""
    return verdict(
        tender.source_objections.filter(answered_at=None).exists(), "source.none",
        Text("没有待答复的异议", "no objection waits for an answer"),
    )  # fmt: skip


def lawful_ground(ground: str, reason: str, opinions: list[dict[str, str]]) -> Verdict:
    """The ground is one of the law's three, the reason is said, and the experts' opinions are there where asked for."""
    rows, found = book()["single_source"], YES
    if ground not in rows:
        names = named("single_source")
        return Verdict(
            bad("ground", f"没有“{ground}”这种情形", f"there is no ground “{ground}”", article="政府采购法 第31条",
                passes=Text("、".join(names), ", ".join(names))).reasons
        )  # fmt: skip
    if not reason.strip():
        found &= Verdict(bad("reason", "请写明采用单一来源方式的原因", "say why there is one source only", article=rows[ground]["article"]).reasons)
    complete = [each for each in opinions if all(str(each.get(name, "")).strip() for name in OPINION)]
    least = rows[ground]["opinions_least"]
    if len(complete) < max(least, len(opinions)):
        found &= Verdict(
            bad("opinions", f"有 {len(complete)} 份完整的专业人员论证意见，至少应有 {least} 份",
                f"{len(complete)} opinions of experts are complete; at least {least} are needed",
                article="政府采购非招标采购方式管理办法 第38条",
                passes=Text("每份写明姓名、工作单位、职称和意见", "each with name, employer, title and opinion")).reasons
        )  # fmt: skip
    return found


OPINION = ("name", "employer", "title", "opinion")
"""What the publicity says of each expert (政府采购非招标采购方式管理办法 第38条)."""


@condition("tender.invite", "tender.publish")
def publicity_is_over(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The one supplier is invited once the publicity is over, every objection answered and none upheld."""
    if not knows(tender, "source.publicise"):
        return YES
    publicity = getattr(tender, "source_publicity", None)
    article = "政府采购法实施条例 第38条"
    if publicity is None:
        return verdict(
            False, "source.missing", Text("还没有进行单一来源公示", "the single source was not publicised yet"), article=article,
            passes=Text("先公示拟采用单一来源方式的原因、供应商和论证意见", "publicise reason, supplier and the experts' opinions first"),
        )  # fmt: skip
    objections = list(tender.source_objections.all())
    if any(each.upheld for each in objections):
        return verdict(
            False, "source.upheld", Text("异议成立，应当采用其他采购方式", "an objection was upheld: another procedure must be used"),
            article="政府采购非招标采购方式管理办法 第40条", passes=Text("终止本项目，改用其他方式", "terminate and use another procedure"),
        )  # fmt: skip
    over = now > publicity.ends
    return verdict(over, "ZC-15", Text("单一来源公示期未满", "the publicity is not over"), article=article, after=publicity.ends) & verdict(
        all(each.answered_at for each in objections), "source.open",
        Text("有异议尚未答复", "an objection is not answered yet"), article="政府采购非招标采购方式管理办法 第40条",
        passes=Text("先论证并答复异议", "examine and answer it first"),
    )  # fmt: skip
