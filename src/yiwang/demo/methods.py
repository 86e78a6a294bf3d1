"""How the demo city's tenders by other methods reach the stage where they wait: lots, rounds, talks, frameworks, votes.

Each shows as many pages as it can: whose turn it is stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

from yiwang.demo import scored, talks
from yiwang.demo.cast import Cast
from yiwang.demo.play import Play, earliest_deadline
from yiwang.demo.scripts import BING, DING, FIRMS, OPENS
from yiwang.demo.stages import seat_demo_evaluator
from yiwang.kernel import formula_book, moment
from yiwang.modules.evaluations import price_acts, separate_acts
from yiwang.modules.evaluations import selectors as evaluations
from yiwang.modules.evidence import files
from yiwang.modules.negotiations import acts as negotiations
from yiwang.modules.negotiations import framework_acts, source_acts
from yiwang.modules.negotiations import selectors as negotiation_reads
from yiwang.modules.negotiations.source_rules import PERIOD
from yiwang.modules.openings import coefficient_acts
from yiwang.modules.parties import ban_acts as bans
from yiwang.modules.remedies import acts as remedies
from yiwang.modules.remedies import complaint_acts
from yiwang.modules.tenders import acts as tenders
from yiwang.modules.tenders import rules, suspension
from yiwang.modules.tenders import selectors as tender_reads
from yiwang.modules.tenders.selectors import law_of
from yiwang.modules.venues import acts as venues
from yiwang.seal import draw as lottery

GROUP = {"technical": 2, "economic": 1}
SAID = "介绍了与现有指挥平台的对接方案。小组请其说明并发路数、断电续航和两小时到场维修的安排，供应商承诺满足。"
LOTS = ("一标段（K0+000至K12+400段路基路面）", "二标段（K12+400至K21+860段桥涵及交通安全设施）")


def lots(play: Play) -> None:
    """Two lots of a project take bids; the supervisor has suspended the second (the supervisor may let it go on)."""
    script = play.script
    each = {"budget": script.budget // 2, "ceiling": (script.ceiling or 0) // 2, "minimum": (script.minimum or 0) // 2}
    script.more = {"lots": [{**each, "title": title} for title in LOTS], "lots_most": 1}
    script.ceiling = script.minimum = None
    play.enter()
    first, second = tender_reads.lots_of(play.host.actor, play.tender.project)
    other = Play(play.cast, play.stage, script)
    other.number = second.number
    for lot in (play, other):
        lot.prepare()
    issued, deadline = play.stage() + timedelta(days=8), script.deadline or earliest_deadline(play.tender, play.stage())
    tenders.publish(actor=play.host.actor, tender=first.number, issue_end=issued, deadline=deadline, whole_project=True)
    play.stage.to(OPENS - timedelta(days=3))
    suspension.suspend(
        actor=play.cast.supervisor.actor, tender=second.number, kind="order", reason="核查二标段桥梁设计变更的批准文件，核查期间暂停。"
    )


def invitation(play: Play) -> None:
    """Three are invited; the invitations are about to go out (agency)."""
    play.script.more = {"invitees": [_code(play, firm) for firm in (BING, DING, FIRMS[4])]}
    play.enter()
    play.prepare()


def prequalified(play: Play) -> None:
    """The review is signed, one applicant was turned down; the list is to be decided (agency)."""
    Reviewed(play.cast, play.stage, play.script).until("evaluated")


class Reviewed(Play):
    """One response lacks what is asked for."""

    def sheet_of(self, seat: Any, opened: list[Any]) -> dict[str, Any]:
        """The plain sheet, in which the last firm is turned down."""
        sheet = super().sheet_of(seat, opened)
        worst = next(bid for bid in opened if bid.tenderer.name == self.script.bids[-1][0])
        sheet["review"][worst.chain] = {"pass": False, "reason": "没有资格预审文件要求的市政公用工程总承包一级资质"}
        return sheet


def envelopes(play: Play) -> None:
    """Both envelopes take bids, with one deadline."""
    play.script.formula = {**(play.script.formula or {}), "criteria": [_criterion("plan", "施工组织设计", "Method statement", "40", "24")]}
    play.until("draft")
    joint = formula_book.template("comprehensive_score").formula({"criteria": play.script.formula["criteria"]})
    second = _following(play, "two_envelope_second", "B2", formula=joint, ceiling=22_350_000_00, deadline=play.script.deadline)
    second.until("draft")
    for each in (play, second):
        each.until("tendering")


def talk(play: Play) -> None:
    """The group has talked with each supplier and changed a requirement (the demo evaluator may talk on, change, end)."""
    play.script.seats = GROUP
    play.until("evaluating")
    seat_demo_evaluator(play)
    talks.declare(play)
    for bid in negotiation_reads.suppliers(play.tender):
        talks.talk(play, bid.chain, f"{bid.tenderer.name}{SAID}")
    negotiations.change(
        actor=play._committee()[0][1].actor, tender=play.number, kind="technical", confirmed=True,
        text="原文：终端支持 H.264 编码。改为：终端支持 H.265 编码，并向下兼容 H.264。",
    )  # fmt: skip


def final_quotes(play: Play) -> None:
    """The final quotes are opened; the same group goes on (center), whom the first round admitted is known."""
    play.script.seats = GROUP
    play.until("admitted")
    criteria = [_criterion("quality", "服务方案", "Service", "80")]
    formula = formula_book.template("gov_comprehensive_score").formula({"criteria": criteria, "price.score.weight": "20"})
    quotes = [(firm, 6_900_000_00 - place * 70_000_00) for place, (firm, _) in enumerate(play.script.bids)]
    final = _following(play, "gov_consultation_services_final", "N3", formula=formula, ceiling=7_000_000_00, seats=GROUP, bids=quotes)
    final.until("opened")
    final.confirm()


def framework(play: Play) -> None:
    """Two of three are in. Of three orders one waits for its supplier to be chosen, one for the confirmation to be asked."""
    play.until("admitted")
    names = [row["name"] for row in play.tender.admission.admitted]
    _following(play, "gov_framework_direct", "R3", title="市行政中心南院绿化养护（2026年度）", ceiling=800_000_00,
               bids=[(names[0], 780_000_00)]).until("draft")  # fmt: skip
    turn = _following(play, "gov_framework_turn", "R4", title="市档案馆庭院绿化养护（2026年度）", ceiling=300_000_00,
                      bids=[(names[0], 290_000_00)])  # fmt: skip
    turn.until("draft")
    turn.prepare()
    talks.choose(turn)


def framework_open(play: Play) -> None:
    """One supplier is in, one was refused, one waits (buyer); others may apply (tenderers)."""
    play.until("tendering")
    said = "接受征集文件的全部条件，按协议价格执行，接到任务后两小时内到场。"
    for firm, price, admitted in ((FIRMS[8], 186, True), (FIRMS[7], 180, False), (DING, 190, None)):
        made = framework_acts.apply(
            actor=play.cast.tenderer(firm).actor, tender=play.number, price=price * 100 * 10_000, statement=said
        )
        play.stage.wait(days=1)
        if admitted is not None:
            why = "" if admitted else "没有建筑装修装饰工程专业承包资质，不满足征集文件第二章第三条"
            framework_acts.review(actor=play.host.actor, tender=play.number, application=made.pk, admitted=admitted, reason=why)


def source_draft(play: Play) -> None:
    """Entered, with its documents: the single source is to be made public (agency)."""
    play.enter()
    play.prepare()


def source_objection(play: Play) -> None:
    """The single source is made public; a firm objects and waits for its answer (agency); others may object, too."""
    play.enter()
    play.stage.to(OPENS - timedelta(days=5))
    _publicise(play, DING)
    play.stage.wait(days=2)
    source_acts.object_to(
        actor=play.cast.tenderer(FIRMS[7]).actor, tender=play.number,
        text="我公司已有三个城市的水务调度系统建设业绩，具备按开放协议接入现有平台的能力，建议改用竞争性方式采购。",
    )  # fmt: skip


def source_quote(play: Play) -> None:
    """The quote is opened and confirmed; the negotiated price is to be settled (buyer)."""
    play.enter()
    _publicise(play, BING)
    play.script.bids = [(BING, play.script.bids[0][1])]
    play.prepare()
    play.stage.to(play.tender.source_publicity.ends + timedelta(hours=1))
    talks.invite(play)
    play.until("opened")
    play.confirm()


def coefficient(play: Play) -> None:
    """The host has committed its share of the draw in the hall; the center's is missing."""
    play.until("opened")
    play.confirm()
    share = lottery.commitment(bytes(range(32)))
    coefficient_acts.commit(actor=play.host.actor, tender=play.number, commitment=share)


def low_prices(play: Play) -> None:
    """Two low prices are in review: 丙 has to explain, 丁 has, so that the demo evaluator may find, and may ask others."""
    first, *others = [price or 0 for _, price in play.script.bids]
    rest = [firm for firm, _ in play.script.bids if firm not in (BING, DING)]
    play.script.bids = [(BING, first * 7 // 10), (DING, first * 6 // 10), *zip(rest, others, strict=False)]
    play.until("evaluating")
    seat_demo_evaluator(play)
    for _, each in play._committee():
        scored.declare(play, each)
    play.stage.to(OPENS - timedelta(hours=2))
    asking = play._committee()[0][1].actor
    low = {bid.tenderer.name: bid.chain for bid in evaluations.opened(play.tender)}
    for firm in (BING, DING):
        price_acts.ask(actor=asking, tender=play.number, bid=low[firm], minutes=1440)
    play.stage.wait(minutes=40)
    price_acts.explain(
        actor=play.cast.tenderer(DING).actor, tender=play.number,
        explanation="本公司在江心洲有在建项目，围堰和水上作业平台可以共用，措施费减少约三成；随附同类工程合同两份和材料采购合同。",
    )  # fmt: skip


def award_vote(play: Play) -> None:
    """The publicity is over, the award committee votes: 甲, a member of it, has not yet."""
    to_the_vote(play)
    head, *others = scored.award_members(play, 4)
    members = [head, play.cast.buyer, *others]
    names = [each.person.username for each in members]
    separate_acts.seat(actor=play.cast.buyer.actor, tender=play.number, members=names, method="absolute", tie="price", rounds=3)
    candidates = [each["bid"] for each in play.tender.report.content["candidates"]]
    for each, bid in zip(members[2:], (candidates[0], candidates[1], candidates[0]), strict=True):
        content = separate_acts.ballot_statement(play.number, 1, [bid], "施工组织和工期安排最可行，报价合理")
        signed = each.sign("award-ballot", content)
        separate_acts.vote(actor=each.actor, tender=play.number, choice=[bid], reason=content["reason"], **signed)


def to_the_vote(play: Play) -> None:
    """Evaluated with an opinion on each, publicised, the time over: the award committee is to be seated (buyer)."""
    play.until("evaluating")
    scored.score(play)
    play.report()
    play.until("publicity")
    play.stage.to(moment.from_stamp(play.tender.events["candidate_publicity.end"]))
    play.stage.wait(hours=1)


def publicity_complaints(play: Play) -> None:
    """Objections are answered; three complain: one is dismissed, one accepted and the tender suspended, one new."""
    play.until("publicity")
    supervisor = play.cast.supervisor.actor
    rest = next(firm for firm, _ in play.script.bids if firm not in (BING, DING))
    texts = {
        rest: "第二中标候选人的安全生产许可证疑似过期，请核实。",
        DING: "第一中标候选人投标文件中的类似业绩与公开信息不符，请核实。",
        BING: "评标委员会对我公司施工组织设计的否定意见没有依据，请复核。",
    }
    made = {}
    for firm, text in texts.items():
        play.stage.wait(hours=1)
        made[firm] = remedies.raise_objection(actor=play.cast.tenderer(firm).actor, tender=play.number, text=text)
    play.stage.wait(hours=8)
    filed = {}
    for firm, objection in made.items():
        remedies.answer(actor=play.host.actor, tender=play.number, objection=objection.pk, text="经核实，评标报告和公示内容无误，维持原结果。")
        play.stage.wait(hours=2)
        filed[firm] = complaint_acts.file(
            actor=play.cast.tenderer(firm).actor, tender=play.number, objection=objection.pk, industry="",
            text=f"{texts[firm]}答复没有说明核实的过程，附证据三份。", request="责令招标人核实并公布核实结果。",
        )  # fmt: skip
    for firm in (rest, DING):
        complaint_acts.accept(actor=supervisor, tender=play.number, complaint=filed[firm].pk)
    complaint_acts.suspend(
        actor=supervisor, tender=play.number, complaint=filed[DING].pk, number="滨发改招监〔2026〕11号", reason="核查第一中标候选人的业绩证明"
    )
    decision = files.store(["投诉处理决定书\n经查，许可证在有效期内，投诉不成立，予以驳回。\n".encode()], types=files.TYPES)
    complaint_acts.decide(
        actor=supervisor, tender=play.number, complaint=filed[rest].pk, outcome="dismissed", number="滨发改招诉〔2026〕7号",
        reasons="经查，第二中标候选人的安全生产许可证在有效期内，投诉缺乏事实根据。", content=decision, filename="投诉处理决定书.txt",
    )  # fmt: skip


def around(cast: Cast) -> None:
    """What stands beside the tenders: a rest day on duty, a closure of the center, a firm that is banned from bidding."""
    venues.staff(
        actor=cast.center.actor, day=date(2026, 8, 30), starts=time(9), ends=time(12), people=["钟正", "林晓"], phone="0000-0000000",
        reason="周日集中开标",
    )  # fmt: skip
    venues.close(actor=cast.center.actor, day=date(2026, 9, 4), reason="开标大厅供电设备检修")
    banned = cast.tenderer("滨海宏途路面工程有限公司").actor.organisation.uscc
    bans.ban(
        actor=cast.supervisor.actor, uscc=banned, decision="滨发改招罚〔2026〕3号", ground="collusion", until=OPENS + timedelta(days=365),
        reason="在两个道路工程的投标中与他人约定报价，投标文件由同一台电脑制作。",
    )  # fmt: skip


def _publicise(play: Play, firm: str) -> None:
    source_acts.publicise(
        actor=play.host.actor, tender=play.number, supplier=_code(play, firm), ground="only",
        reason="现有系统由该供应商承建并独家维护，核心接口和数据库结构不公开，更换供应商将导致历史数据无法迁移、在用终端全部更换。",
        ends=rules.earliest(law_of(play.tender), PERIOD, play.stage()),
        opinions=[{"name": name, **talks.OPINION} for name in ("周文", "吴敏", "郑刚")],
    )  # fmt: skip


def _following(first: Play, procedure: str, code: str, **script: Any) -> Play:
    text = f"本项目为演示城市“滨海市”的虚构项目。{script.get('title', first.script.title)}的后续阶段。"
    return talks.following(first, procedure, description=text, source=f"demo:{code}", **script)


def _code(play: Play, firm: str) -> str:
    code: str = play.cast.tenderer(firm).actor.organisation.uscc
    return code


def _criterion(key: str, zh: str, en: str, most: str, least: str = "") -> dict[str, Any]:
    return {"key": key, "name": {"zh": zh, "en": en}, "most": most, **({"pass": least} if least else {})}


STAGES: dict[str, Callable[[Play], Any]] = {
    "lots": lots,
    "invitation": invitation,
    "prequalified": prequalified,
    "envelopes": envelopes,
    "talks": talk,
    "final_quotes": final_quotes,
    "framework": framework,
    "framework_open": framework_open,
    "source_draft": source_draft,
    "source_objection": source_objection,
    "source_quote": source_quote,
    "coefficient": coefficient,
    "low_prices": low_prices,
    "award_vote": award_vote,
    "award_committee": to_the_vote,
    "publicity_complaints": publicity_complaints,
}
"""What is played for a stage of :mod:`yiwang.demo.scripts`."""
