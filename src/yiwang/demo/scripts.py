"""The demo city's tenders: what is tendered, and at which stage each one waits when the city opens.

Everything here is made up but the figures (see figures.yaml).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from yiwang.demo import figures
from yiwang.demo.play import Script
from yiwang.demo.stage import local
from yiwang.kernel import formula_book, moment
from yiwang.kernel.calendar import Calendar

OPENS = datetime(2026, 4, 13, 10, 0, tzinfo=moment.LOCAL)
"""The city's time once it is loaded. All that follows from it within months lies in 2026, whose holidays are known."""

BING, DING = "滨海市丙和建设工程有限公司", "滨海市丁立市政工程股份有限公司"
FIRMS = (
    BING,
    DING,
    "滨海远航建筑安装集团有限公司",
    "滨海市海晏水利水电工程有限责任公司",
    "滨海中衡城乡基础设施投资建设运营管理集团有限责任公司",
    "滨海同德路桥工程有限公司",
    "滨海卓然园林绿化工程有限公司",
    "滨海启明信息技术服务有限公司",
    "滨海市安和物业管理服务有限公司",
)
SMALL = {FIRMS[6], FIRMS[7]}


@dataclass(frozen=True)
class Row:
    """One tender of the city.

    Attributes:
        code: names it across loads.
        figure: whose figures it has.
        stage: where it waits; a name of :data:`yiwang.demo.stages.STAGES`.
        deadline: day of the deadline for bids, ``MM-DD`` of 2026, or ``YYYY-MM-DD``; bids close at half past nine.
        how: ``lowest`` price within bounds, ``score`` (comprehensive evaluation), ``coefficient`` (the same, the float
            coefficient is drawn), ``low`` (the same, low prices are reviewed), ``pass`` (nobody is ranked), ``framework``
            (price first, a fifth drops out), ``quote`` (government procurement, the lowest quote).
        host: who runs it, ``agency`` or ``buyer``.
        procedure: of the law folder; empty: open tendering of the category.
    """

    code: str
    figure: str
    title: str
    category: str
    stage: str
    deadline: str
    how: str = "lowest"
    host: str = "agency"
    procedure: str = ""


ROWS = (
    Row("D1", "2009/569", "滨海市滨江新区综合管廊一期工程（K0+000至K3+260段）施工", "works", "draft", "05-20"),
    Row("D2", "2012/1471", "滨海市图书馆新馆智能化设备采购及安装", "goods", "draft_keys", "05-18", "score", "buyer"),
    Row("T1", "2011/1179", "滨海市城南片区老旧小区雨污分流改造工程", "works", "tendering", "05-06"),
    Row("T2", "2012/1421", "滨海市妇幼保健院迁建项目污水处理设备采购", "goods", "tendering_questions", "05-07", "score"),
    Row("T3", "2013/1641", "滨海市海堤加固与生态修复工程第二标段", "works", "tendering_objection", "04-30", "score"),
    Row("T4", "2012/1475", "滨海大道（海景路至文昌路）道路提升改造工程", "works", "tendering_bids", "04-29", "lowest", "buyer"),
    Row("C1", "2011/1231", "滨海市第三中学教学楼抗震加固工程", "works", "closed_two_keys", "04-13"),
    Row("C2", "2012/1415", "滨海市政务服务大厅物业管理服务（2026至2028年度）", "services", "closed_one_key", "04-13", "score", "buyer"),
    Row("O1", "2010/881", "滨海市河东片区供水管网更新改造工程", "works", "opened", "04-10"),
    Row("O2", "2013/1589", "滨海市城市部件普查与地理信息更新服务", "services", "opened_confirmed", "04-10", "score"),
    Row("E1", "2010/768", "滨海市文化艺术中心舞台机械设备采购、安装、调试及五年质量保证期维护服务一体化项目",
        "goods", "evaluating", "04-10", "score"),
    Row("E2", "2009/614", "滨海市东湖公园步道与照明提升工程", "works", "evaluating_others_done", "04-10", "score"),
    Row("V1", "2010/914", "滨海市消防救援支队执勤装备采购", "goods", "evaluated", "04-09", "score"),
    Row("V2", "2011/1109", "滨海市中山路人行天桥加装电梯工程", "works", "award_committee", "04-02", "score", "buyer",
        "open_tender_works_separate"),
    Row("P1", "2010/816", "滨海市北部污水处理厂提标改造工程", "works", "publicity_complaints", "04-07"),
    Row("P2", "2012/1294", "滨海市智慧停车系统建设工程", "works", "publicity_objection", "04-09", "score"),
    Row("P3", "2013/1581", "滨海市疾病预防控制中心实验楼装修工程", "works", "publicity_over", "04-02", "lowest", "buyer"),
    Row("W1", "2014/2013", "滨海市青年路小学运动场改造工程", "works", "awarded", "03-25"),
    Row("W2", "2014/1884", "滨海市老年大学教学设备采购", "goods", "awarded_half_signed", "03-24", "score"),
    Row("K1", "2014/1883", "滨海市西郊水库除险加固工程", "works", "contracted", "03-11"),
    Row("K2", "2012/1459", "滨海市档案馆数字化加工服务", "services", "contracted", "03-12", "score"),
    Row("F1", "2010/776", "滨海市红树林保护区监测站修缮工程", "works", "failed", "03-18"),
    Row("F2", "2009/596", "滨海市公交场站充电桩建设工程", "works", "failed_rejected", "03-20", "lowest", "buyer"),
    Row("X1", "2010/851", "滨海市老城区立面整治工程", "works", "terminated", "04-20"),
    Row("X2", "2010/729", "滨海市体育馆座椅更新采购", "goods", "terminated_closed", "04-07", "score"),
    Row("A1", "2010/692", "滨海市人民路道路大修工程", "works", "archived", "2025-09-16"),
    Row("A2", "2010/779", "滨海市金沙滩公共卫生间新建工程", "works", "archived", "2025-09-23"),
    Row("A3", "2010/856", "滨海市第一幼儿园屋面防水维修工程", "works", "archived", "2025-10-15", "lowest", "buyer"),
    Row("A4", "2011/963", "滨海市解放桥检测与维修加固工程", "works", "archived", "2025-10-22"),
    Row("A5", "2011/1050", "滨海市农贸市场升级改造工程", "works", "archived", "2025-11-05"),
    Row("A6", "2011/1137", "滨海市社区卫生服务中心改造工程", "works", "archived", "2025-11-12", "score"),
    Row("A7", "2011/1163", "滨海市北山森林公园防火道路工程", "works", "archived", "2025-11-26"),
    Row("A8", "2011/1263", "滨海市滨河绿道导视系统制作安装", "goods", "archived", "2025-12-03", "score"),
    Row("A9", "2013/1689", "滨海市职业技术学校实训楼改造工程", "works", "archived", "2025-12-17"),
    Row("A10", "2013/1825", "滨海市南港渔业码头疏浚工程", "works", "archived", "2025-12-24"),
    Row("A11", "2009/612", "滨海市非机动车停放设施建设工程", "works", "archived", "2026-01-14", "lowest", "buyer"),
    Row("A12", "2009/614", "滨海市交通信号控制系统运行维护服务", "services", "archived", "2026-02-04", "score"),
    Row("L1", "2010/816", "滨海市河西片区农村公路提升工程", "works", "lots", "05-08"),
    Row("I1", "2010/779", "滨海市博物馆文物库房恒温恒湿改造工程", "works", "invitation", "05-22", procedure="invited_tender"),
    Row("Q1", "2009/569", "滨海市滨江路跨河大桥工程", "works", "prequalified", "04-02", "pass", procedure="prequalification"),
    Row("B1", "2010/881", "滨海市城区防洪排涝泵站工程", "works", "envelopes", "05-12", "pass", procedure="two_envelope_first"),
    Row("N1", "2012/1459", "滨海市应急指挥中心视频会商系统采购", "goods", "talks", "04-09", "pass", procedure="gov_negotiation"),
    Row("N2", "2013/1589", "滨海市城区河道保洁与水质监测服务", "services", "final_quotes", "03-20", "pass", "buyer",
        "gov_consultation_services"),
    Row("R1", "2012/1415", "滨海市市直单位绿化养护服务框架协议", "services", "framework", "03-06", "framework",
        procedure="gov_framework_closed"),
    Row("R2", "2011/1263", "滨海市市直单位房屋零星修缮服务框架协议", "services", "framework_open", "2026-12-25", "pass", "buyer",
        "gov_framework_open"),
    Row("S1", "2011/1137", "滨海市不动产登记信息系统运行维护服务", "services", "source_draft", "05-15", "quote", procedure="gov_single_source"),
    Row("S2", "2011/1163", "滨海市智慧水务调度系统扩容开发服务", "services", "source_objection", "04-30", "quote",
        procedure="gov_single_source"),
    Row("S3", "2012/1475", "滨海市公共安全视频平台专用备件采购", "goods", "source_quote", "04-09", "quote", "buyer", "gov_single_source"),
    Row("M1", "2010/856", "滨海市南城区生活垃圾转运站工程", "works", "coefficient", "04-10", "coefficient"),
    Row("G1", "2010/914", "滨海市江心洲码头栈桥修复工程", "works", "low_prices", "04-09", "low"),
    Row("V3", "2011/1050", "滨海市青少年活动中心装修改造工程", "works", "award_vote", "04-01", "score",
        procedure="open_tender_works_separate"),
)


def ordered() -> list[Row]:
    """The rows in the order of their deadlines, so that older tenders come earlier in the log."""
    return sorted(ROWS, key=lambda row: (deadline_of(row), row.code))


def script_of(row: Row) -> Script:
    """The row as a script for the player."""
    found = figures.read()[row.figure]
    ceiling = min(found.bids) - 100 if row.stage == "failed_rejected" else found.ceiling
    minimum = found.minimum if row.how == "lowest" and row.stage != "failed_rejected" else None
    priced, bound = row.procedure not in WITHOUT_PRICE, row.procedure not in (*WITHOUT_PRICE, *WITHOUT_CEILING)
    start = ROWS.index(row) % 4
    order = [*FIRMS[start:], *FIRMS[:start]]
    for must in (DING, BING):  # the two firms of the cast bid nearly everywhere
        order.remove(must)
        order.insert(ROWS.index(row) % len(found.bids), must)
    waits = row.stage in ("publicity", "publicity_objection", "publicity_complaints")
    script = Script(
        title=row.title,
        category=row.category,
        budget=ceiling + ceiling // 20 // 100_00 * 100_00,
        ceiling=ceiling if bound else None,
        minimum=minimum,
        formula=_formula(row, ceiling),
        bids=[(firm, price if priced else None) for firm, price in zip(order, found.bids, strict=False)],
        description=f"本项目为演示城市“滨海市”的虚构项目。招标范围：{row.title}的全部工作内容。",
        source=f"demo:{row.code}",
        by_agency=row.host == "agency",
        procedure=_procedure(row),
        deadline=deadline_of(row),
        publicity_until=local(OPENS.date() + timedelta(days=2), 17) if waits else None,
    )
    return replace(script, scores=_scores(row, script))


def deadline_of(row: Row) -> datetime:
    """The deadline for bids."""
    day = datetime.strptime(row.deadline if len(row.deadline) > 5 else f"2026-{row.deadline}", "%Y-%m-%d").date()  # noqa: DTZ007
    return local(day, 9, 30)


def start_of(row: Row) -> datetime:
    """When the buyer begins: early enough for the lawful periods, never after the city opens."""
    begins = min(deadline_of(row).date() - timedelta(days=26), (OPENS - timedelta(days=5)).date())
    return local(Calendar.load().roll_forward(begins), 9)


WITHOUT_PRICE = ("prequalification", "two_envelope_first")
"""First rounds that ask for no price."""
WITHOUT_CEILING = ("gov_negotiation", "gov_consultation_services")
"""First rounds whose price is not compared."""


def _procedure(row: Row) -> str:
    return row.procedure or ("open_tender_works" if row.category == "works" else "open_tender_goods_services")


def _formula(row: Row, ceiling: int) -> dict[str, Any]:
    if row.how in NAMED:
        return formula_book.template(NAMED[row.how]).formula({})
    if row.how == "lowest":
        return {"id": "lowest_price_within_bounds", "version": 1, "rank_by": "price", "ties": ["reported"]}
    if row.category == "works":
        criteria = [_criterion("technical", "施工组织设计", "Method statement", "30"), _criterion("record", "企业业绩与信誉", "Record", "10")]
    else:
        criteria = [_criterion("technical", "技术方案", "Technical proposal", "25"), _criterion("service", "服务承诺", "Service", "15")]
    return formula_book.template("comprehensive_score").formula({"price.ceiling": ceiling, "criteria": criteria, **MORE.get(row.how, {})})


NAMED = {"pass": "pass_fail", "framework": "framework_price_first", "quote": "gov_lowest_price"}
"""Formulas of the law folder that are taken as they stand."""
MORE: dict[str, dict[str, Any]] = {
    "coefficient": {"price.score.benchmark.reduction": None, "price.score.benchmark.choices": ["0", "0.01", "0.02", "0.03"],
                    "price.score.benchmark.trim": []},
    "low": {"abnormal": {"mean": "0.9"}},
}  # fmt: skip
"""What is set in comprehensive scoring besides."""


def _criterion(key: str, zh: str, en: str, most: str) -> dict[str, Any]:
    return {"key": key, "name": {"zh": zh, "en": en}, "most": most}


def _scores(row: Row, script: Script) -> dict[str, dict[str, str]]:
    """A mark per criterion and firm: a spread that follows from the firm's place, the same at every load."""
    criteria = (script.formula or {}).get("criteria") or []
    marks: dict[str, dict[str, str]] = {}
    for place, (firm, _) in enumerate(script.bids):
        marks[firm] = {each["key"]: f"{int(each['most']) * (92 - 4 * ((place * 3 + ROWS.index(row)) % 6)) / 100:.1f}" for each in criteria}
    return marks
