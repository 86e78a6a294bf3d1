"""Fictional content for the catalogue; none of these organisations, people or tenders exists."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest

from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.ui.shapes import (
    Actor,
    AgendaItem,
    Blocked,
    Checkpoint,
    Fact,
    File,
    Filter,
    Link,
    Person,
    Possible,
    Receipt,
    Seal,
    Step,
    Tag,
    Waiting,
)
from yiwang.ui.tables import Column

TENDER = Text(
    "滨海市临港新区沿江东路（海棠大道至望潮桥段）道路改造及综合管廊配套工程施工总承包（第二标段）",
    "Reconstruction of Yanjiang East Road (Haitang Avenue to Wangchao Bridge) with utility tunnel, Lot 2, Lingang",
)
ACTOR = Actor(
    "欧阳静怡", Text("招标代理", "Agency"), "滨海市诚信达工程咨询管理有限责任公司", "/ui/desk/", "/ui/language"
)
AMOUNTS = [123456789, 8650000000, 1234567890123, 9900, None]
HASH = "9f2c4e8b1d7a60f3c5e2b49a8d1706fe3b5c92a1d48e7f60b3a2c1d4e5f60718"
BIDS_CAPTION = Text("开标记录：各投标人报价", "Opening record: prices of all bids")
PEOPLE = [
    Person("阿依古丽·买买提", Text("评标委员会主任", "Committee chair"), "滨海市市政工程设计研究院"),
    Person("", Text("评标专家", "Evaluator"), masked=True),
    Person("司马光远", Text("招标人代表", "Buyer’s representative"), "滨海市临港新区住房和城乡建设管理局"),
]
TABS = [
    Link(Text("概况", "Overview"), "?tab=1", True),
    Link(Text("招标文件与澄清", "Documents and clarifications"), "?tab=2", count=7),
    Link(Text("开标记录", "Opening"), "?tab=3"),
    Link(Text("异议", "Objections"), "?tab=4", count=0),
]
DESK_NAV = [
    Link(Text("我的项目", "My tenders"), "/ui/desk/", True, 12),
    Link(Text("进场登记", "Entry"), "/ui/"),
    Link(Text("日程与场地", "Calendar and rooms"), "/ui/"),
]
FOOTER = [
    Link(Text("如何自己核对结果", "How to check a result yourself"), "/ui/"),
    Link(Text("无障碍说明", "Accessibility"), "/ui/"),
]


def site_nav() -> list[Link]:
    """The header's menu."""
    return [
        Link(Text("设计系统", "Components"), "/ui/", True),
        Link(Text("表单", "Form"), "/ui/form/"),
        Link(Text("工作台", "Desk"), "/ui/desk/"),
        Link(Text("现场", "Live room"), "/ui/live/"),
    ]


def seal(at: datetime, index: int = 48213, *, disclosed: bool = True) -> Seal:
    """One seal."""
    return Seal(index, Text("发布招标公告", "Notice published"), at - timedelta(days=21), HASH, "/ui/", disclosed)


def checkpoint() -> Checkpoint:
    """The log's state shown in the footer."""
    at = datetime.fromisoformat("2026-11-23T01:30:00+00:00")
    return Checkpoint(51877, HASH, at, "/ui/", 3, f"https://trading.example/log/seen?size=51877&root={HASH}")


def steps(at: datetime) -> list[Step]:
    """A tender waiting for its bids to close."""
    day = timedelta(days=1)
    agency, center = Text("诚信达工程咨询", "Chengxinda Consulting"), Text("交易中心", "Trading center")
    return [
        Step(Text("进场登记", "Entry"), "done", at - 24 * day, who=agency, url="/ui/", seal=seal(at, 48107)),
        Step(Text("招标公告", "Notice"), "done", at - 21 * day, who=agency, article="招标投标法 第16条", seal=seal(at)),
        Step(
            Text("澄清与修改", "Clarification"),
            "done",
            at - 16 * day,
            who=agency,
            article="招标投标法 第23条",
            seal=seal(at, 49002),
        ),
        Step(
            Text("递交投标文件", "Bids"),
            "now",
            until=at + 2 * day,
            who=Text("各投标人", "Tenderers"),
            article="招标投标法 第24条",
            note=Text("自文件发出第 23 日", "day 23 after issue"),
            url="/ui/",
        ),
        Step(Text("开标", "Opening"), "next", at + 2 * day, who=center, article="招标投标法 第34条"),
        Step(
            Text("评标", "Evaluation"),
            "next",
            at + 3 * day,
            who=Text("评标委员会", "Committee"),
            article="招标投标法 第37条",
        ),
        Step(
            Text("中标候选人公示", "Publicity of candidates"),
            "next",
            (at + 4 * day).date(),
            (at + 7 * day).date(),
            article="招标投标法实施条例 第54条",
            note=Text("不少于 3 日", "at least 3 days"),
        ),
        Step(Text("中标通知书", "Award notice"), "next", who=Text("招标人", "Buyer"), article="招标投标法 第45条"),
        Step(
            Text("签订合同", "Contract"),
            "next",
            note=Text("通知书发出后 30 日内", "within 30 days of the notice"),
            article="招标投标法 第46条",
        ),
    ]


def stopped_steps(at: datetime) -> list[Step]:
    """A tender that ended early."""
    day = timedelta(days=1)
    return [
        Step(Text("招标公告", "Notice"), "done", at - 30 * day, seal=seal(at)),
        Step(
            Text("投标截止", "Bids closed"),
            "done",
            at - 9 * day,
            note=Text("收到 2 份投标", "2 bids came"),
            seal=seal(at, 47001),
        ),
        Step(
            Text("开标", "Opening"),
            "skipped",
            article="招标投标法 第28条",
            note=Text("投标人少于 3 个，依法不开标", "fewer than three tenderers: not opened, by law"),
        ),
        Step(Text("重新招标", "New tender"), "now", who=Text("招标人", "Buyer"), url="/ui/"),
    ]


def acts(at: datetime) -> list[Possible]:
    """What can be done."""
    return [
        Possible(
            Text("发布澄清公告", "Publish a clarification"),
            "/ui/form/",
            at + timedelta(hours=6),
            article="招标投标法 第23条",
            note=Text(
                "影响投标文件编制的，距截止不足 15 日须顺延。",
                "If it affects the bids and fewer than 15 days remain, closing moves.",
            ),
        ),
        Possible(Text("预约开标厅", "Book an opening hall"), "/ui/form/"),
    ]


def blocked_acts(at: datetime) -> list[Blocked]:
    """What cannot be done yet."""
    opening = Reason(
        "state",
        Text("投标截止前不得开标", "not before bids have closed"),
        "招标投标法 第34条",
        after=at + timedelta(days=2),
    )
    quorum = Reason(
        "custodians",
        Text("保管人到场 1 人，开启需要 3 人", "1 custodian is here, 3 are needed"),
        passes=Text("再有 2 位保管人签到", "two more custodians signed in"),
    )
    change = Reason(
        "TL-09",
        Text("距投标截止不足 15 日", "fewer than 15 days before closing"),
        "招标投标法 第23条",
        passes=Text("同时把投标截止顺延至 2026年12月8日 或更晚", "move closing to 8 Dec 2026 or later as well"),
    )
    return [
        Blocked(Text("开标", "Open the bids"), (opening, quorum)),
        Blocked(Text("修改招标文件", "Change the tender documents"), (change,)),
    ]


def receipt(at: datetime) -> Receipt:
    """A receipt for a bid."""
    return Receipt(
        Text("已收到密封投标文件", "Sealed bid received"),
        "binhai/51876",
        HASH,
        at - timedelta(minutes=4),
        "binhai.example/log 51877 n2zOix16YPPF…",
        [
            Fact(Text("项目", "Tender"), TENDER),
            Fact(Text("投标人", "Tenderer"), "东海路桥集团滨海第三工程有限公司"),
            Fact(Text("文件大小", "Size"), 48_234_496, "size"),
            Fact(Text("开标时间", "Opening"), later(at), "when"),
        ],
        "/ui/",
        "/ui/",
        "/ui/",
    )


def facts(at: datetime) -> list[Any]:
    """Facts about a tender, one of each kind."""
    return [
        Fact(Text("招标人", "Buyer"), "滨海市临港新区住房和城乡建设管理局", url="/ui/"),
        Fact(Text("项目编号", "Number"), "BH-GC-2026-0417-02"),
        Fact(Text("最高投标限价", "Ceiling price"), 8650000000, "wan"),
        Fact(
            Text("投标保证金", "Bid bond"),
            80000000,
            "money",
            note=Text("不超过限价的 2%", "at most 2 % of the ceiling"),
        ),
        Fact(Text("投标截止", "Bids close"), later(at), "when", seal=seal(at)),
        Fact(Text("状态", "State"), Tag(Text("公告中", "notice open"), "open"), "tag"),
        Fact(Text("招标文件指纹", "Document hash"), HASH, "hash"),
        (Text("联合体", "Joint bids"), Text("接受，不超过 2 家", "accepted, at most two members")),
    ]


ROWS = [
    ("东海路桥集团滨海第三工程有限公司", 8123456700, 540, "good"),
    ("中铁海峡（滨海）市政建设工程股份有限公司", 8098765400, 530, "good"),
    ("滨海市政第一建筑安装工程总公司", 8310000000, 520, "good"),
    ("江南水利水电建设集团有限责任公司与滨海绿洲园林绿化工程有限公司（联合体）", 8244500050, 545, "wait"),
    ("海天基础设施投资发展有限公司", 8650000100, 500, "bad"),
    ("滨海宏远建设有限公司", 7999999999, 550, "good"),
    ("长风交通工程有限公司", 8411111111, 540, "good"),
]
STATES = {
    "good": Text("资格审查通过", "qualified"),
    "wait": Text("等待澄清", "to be clarified"),
    "bad": Text("超过限价，否决", "above ceiling, rejected"),
}


def bids(state: str) -> list[dict[str, Any]]:
    """Bids, filtered by state."""
    return [
        {
            "name": name,
            "price": price,
            "days": days,
            "state": kind,
            "at": f"2026-11-22T07:1{number}:00Z",
            "hash": HASH,
        }
        for number, (name, price, days, kind) in enumerate(ROWS)
        if not state or kind == state
    ]


def bid_columns() -> list[Column]:
    """Columns of the opening record."""
    return [
        Column("name", Text("投标人", "Tenderer"), sort=True, head=True, url=lambda row: "/ui/"),
        Column("price", Text("投标报价", "Price"), "money", sort=True),
        Column("days", Text("工期（日历天）", "Days"), "number", sort=True),
        Column("at", Text("递交时间", "Received"), "when", sort=True),
        Column("state", Text("状态", "State"), "tag", value=lambda row: Tag(STATES[row["state"]], row["state"])),
        Column("hash", Text("指纹", "Hash"), "hash"),
    ]


def bid_filters(request: HttpRequest) -> list[Filter]:
    """Filters of the opening record."""
    chosen = request.GET.get("state", "")
    return [
        Filter(
            "q", Text("投标人", "Tenderer"), value=request.GET.get("q", ""), hint=Text("名称或信用代码", "name or code")
        ),
        Filter("state", Text("状态", "State"), tuple(STATES.items()), chosen if chosen in STATES else ""),
    ]


def files(at: datetime) -> list[File]:
    """Documents of a tender."""
    return [
        File(
            "沿江东路改造工程第二标段招标文件（含工程量清单及施工图设计说明）.pdf",
            "/ui/",
            18_734_221,
            HASH,
            Text("招标文件", "Tender document"),
            at - timedelta(days=21),
        ),
        File(
            "澄清公告第一号.pdf",
            "/ui/",
            231_004,
            HASH,
            Text("澄清", "Clarification"),
            at - timedelta(days=16),
            Text("修改工程量清单第 14 项", "Changes item 14 of the bill of quantities"),
        ),
        File("最高投标限价编制说明.xlsx", "", 88_120, "", note=Text("开标时公开", "public at opening")),
    ]


def agenda(at: datetime) -> list[AgendaItem]:
    """The agenda of an opening."""
    return [
        AgendaItem(Text("公布投标人名单", "Names of the tenderers"), "done", at, Text("主持人", "Host")),
        AgendaItem(
            Text("保管人公布密钥", "Custodians publish their keys"),
            "now",
            who=Text("3 位保管人中的 2 位已公布", "2 of 3 have"),
            note=Text("公布后全部投标同时打开", "then all bids open together"),
        ),
        AgendaItem(Text("宣读报价、工期、质量承诺", "Prices, days and quality are read out")),
        AgendaItem(
            Text("投标人确认开标记录", "Tenderers confirm the record"),
            note=Text("有异议当场提出", "objections are raised here"),
        ),
    ]


def waiting(at: datetime) -> list[Waiting]:
    """What waits for the agency."""
    return [
        Waiting(
            TENDER, "/ui/desk/", at + timedelta(hours=6), Text("发布澄清公告", "Publish a clarification"), True, True
        ),
        Waiting(
            Text("滨海市第三人民医院医用直线加速器采购项目", "Linear accelerator for the Third Hospital"),
            "/ui/desk/?2",
            at + timedelta(days=1, hours=3),
            Text("确认开标记录", "Confirm the opening record"),
        ),
        Waiting(
            Text("望潮湿地公园二期绿化养护服务", "Upkeep of Wangchao Wetland Park, phase 2"),
            "/ui/desk/?3",
            at + timedelta(days=4),
            Text("答复异议", "Answer an objection"),
        ),
        Waiting(
            Text("城区供水管网漏损治理工程监理", "Supervision of water network repair"),
            "/ui/desk/?4",
            at + timedelta(days=9),
            Text("登记合同", "Register the contract"),
        ),
    ]


def changes(at: datetime) -> list[dict[str, Any]]:
    """What just changed in the hall."""
    minute = timedelta(minutes=1)
    return [
        {
            "at": at - minute,
            "what": Text("保管人 己 公布了密钥", "Custodian Ji published a key"),
            "seal": seal(at, 51902),
        },
        {
            "at": at - 4 * minute,
            "what": Text("公布了 7 位投标人的名单", "The names of 7 tenderers were published"),
            "seal": seal(at, 51900),
        },
    ]


def soon(at: datetime) -> datetime:
    """In 47 minutes."""
    return at + timedelta(minutes=47)


def later(at: datetime) -> datetime:
    """In two days."""
    return at + timedelta(days=2, hours=3)
