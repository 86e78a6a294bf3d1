"""The programme of the opening hall as a vertical line, and what just changed there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from yiwang.kernel import moment
from yiwang.kernel.money import yuan
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import ROLES
from yiwang.modules.openings import coefficient_rules
from yiwang.modules.openings.hall_law import hall_law
from yiwang.seal import public_draw
from yiwang.ui.shapes import AgendaItem, StepState

if TYPE_CHECKING:
    from yiwang.desks.public.hall_facts import Facts

Point = tuple[Text, bool, datetime | None, Text | str, Text | str]
"""Name, whether it is done, when, a note, who."""

ENDED = ("failed", "terminated")


def items(found: Facts) -> list[AgendaItem]:
    """The points of the programme: done, now, to come; what never came is said so."""
    shown: list[AgendaItem] = []
    over = not found.in_session and found.tender.state != "tendering"
    for name, done, when, note, who in _points(found):
        waits = all(each.state == "done" for each in shown) or (name is _KEYS and found.tender.state == "closed")
        state: StepState = "done" if done else "skipped" if over else "now" if waits else "next"
        shown.append(AgendaItem(name, state, when, who, note))
    return shown


def _points(found: Facts) -> list[Point]:
    tender, opening, here = found.tender, found.opening, found.hall
    closed = tender.state != "tendering" and (opening is not None or tender.state == "failed")
    opened = opening.opened_at if opening else None
    have, need = len(found.released), tender.custody_threshold
    points = {name: moment.from_stamp(at) for name, at in here["points"].items()}
    read = opened is not None and here["read"] >= here.bids > 0
    keys = Text(f"已有 {min(have, need)} 位，须 {need} 位", f"{min(have, need)} of the {need} needed")
    bids = Text(f"已读 {here['read']} 家，共 {here.bids} 家", f"{here['read']} of {here.bids} read out") if opened else Text("", "")
    return [
        (Text("到场", "Coming in"), closed, None,
         Text("无须签到：开标前没有签到名单，以免泄露谁在投标；不到场也照常开标。",
              "No sign-in: a list before the opening would tell who bids; who is absent is opened all the same."), ""),
        (Text("截止投标", "Bidding closes"), closed, opening.closed_at if opening else tender.deadline, "", ROLES["system"].name),
        *_grace(found, closed=closed),
        (Text("公布最高投标限价", "Control price announced"), "price" in points or opened is not None, points.get("price"), _ceiling(tender), _HOST),
        (_KEYS, opened is not None or (opening is not None and have >= need),
         found.released[need - 1].released_at if have >= need else None, keys if closed else "", ROLES["custodian"].name),
        (Text("打开全部投标", "All bids open"), opened is not None, opened, Text("要么全部打开，要么一份也不打开。", "All of them or none."), _HOST),
        (Text("宣读开标一览", "The bids are read out"), read, points.get("reading") if read else None, bids, _HOST),
        *_drawing(opening),
        (Text("确认记录或提出异议", "Confirm or object"), here.until is not None and found.now >= here.until, points.get("objections"),
         Text("当场提出，当场答复。", "Raised on the spot, answered on the spot."), ROLES["bidder"].name),
        (Text("主持人和见证人员签署记录", "Record signed by host and observer"), _signed(found), _signed_at(found), _signers(found), _HOST),
        (Text("结束", "End"), here.ended, points.get("ended"), "", _HOST),
    ]  # fmt: skip


def _grace(found: Facts, *, closed: bool) -> list[Point]:
    """The point at which uploads of committed bids may finish, where the notice gives a grace."""
    tender = found.tender
    if not tender.upload_grace_minutes or tender.bytes_until is None:
        return []
    note = Text("只为截止前已登记摘要的密封文件。", "Only for sealed files whose hash was on record before the deadline.")
    name = Text(f"补传宽限 {tender.upload_grace_minutes} 分钟", f"Grace of {tender.upload_grace_minutes} minutes for uploads")
    return [(name, closed and found.now >= tender.bytes_until, tender.bytes_until, note, ROLES["system"].name)]


def _drawing(opening: Any) -> list[Point]:
    """The coefficient (and lots) drawn in public, where the documents ask for it."""
    if opening is None or not coefficient_rules.wanted(opening.tender):
        return []
    drawn, name = opening.drawn, Text("公开抽取浮动系数或签号", "Coefficient or lots drawn in public")
    if public_draw.done(drawn):
        said = drawn["coefficient"]
        note = Text(f"浮动系数 {said}", f"coefficient {said}") if said is not None else Text("签号已抽出", "lots are drawn")
    else:
        have = len(drawn.get("shares", {}))
        note = Text(f"招标方和交易中心各出一个随机数：已承诺 {have} 方", f"host and center each give a share: {have} committed")
    return [(name, public_draw.done(drawn), None, note, _HOST)]


_KEYS = Text("保管人公布密钥", "Custodians release their keys")
_HOST = Text("招标人或代理机构、交易中心", "buyer or agency, trading center")


def _ceiling(tender: Any) -> Text:
    lot = tender.lots.first()
    if lot is None or lot.ceiling is None:
        return Text("本项目没有最高投标限价。", "This tender has none.")
    return Text(f"{yuan(lot.ceiling)} 元，公告中已载明。", f"{yuan(lot.ceiling)} yuan, as the notice says.")


def _signed(found: Facts) -> bool:
    roles = {each.role for each in found.confirmations}
    return bool(roles & {"buyer", "agency"}) and "center" in roles


def _signed_at(found: Facts) -> datetime | None:
    return found.confirmations[-1].at if _signed(found) else None


def _signers(found: Facts) -> Text:
    names = [each.organisation.name for each in found.confirmations if each.organisation]
    return Text("已签：" + "、".join(names), "signed: " + ", ".join(names)) if names else Text("", "")


def changes(found: Facts) -> list[dict[str, Any]]:
    """What happened in the hall, the newest first."""
    told = sorted(_happened(found), key=lambda each: each[0])
    return [{"at": at, "what": what} for at, what in told[::-1]]  # of one second, too, the later one first


def _happened(found: Facts) -> Iterator[tuple[datetime, Text]]:
    opening, here, law = found.opening, found.hall, hall_law()
    if opening is None:
        return
    yield opening.closed_at, Text("投标截止", "bidding closed")
    for n, each in enumerate(found.released, 1):
        body = each.person.organisation.name
        yield each.released_at, Text(f"{body}公布了密钥（第 {n} 位）", f"{body} released its key (no. {n})")
    if opening.opened_at is not None:
        yield opening.opened_at, Text(f"全部投标打开，共 {here.bids} 份", f"all {here.bids} bids opened")
    for point, at in here["points"].items():
        yield moment.from_stamp(at), _POINTS[point]
    for each in here["pauses"]:
        name = law.causes[each["cause"]].name
        yield moment.from_stamp(each["from"]), Text(f"暂停：{name.zh}", f"paused: {name.en}")
        if each["to"]:
            yield moment.from_stamp(each["to"]), Text("恢复", "resumed")
    for each in here["postponed"]:
        yield moment.from_stamp(each["at"]), Text("开标推迟", "the opening was put off")
    for each in here["incidents"]:
        name = law.causes[each["cause"]].name
        yield moment.from_stamp(each["at"]), Text(f"意外情况：{name.zh}", f"incident: {name.en}")
    for each in here["questions"]:
        yield moment.from_stamp(each["at"]), Text(f"{each['name']}提问", f"{each['name']} asked")
        if each["answered"]:
            yield moment.from_stamp(each["answered"]), Text(f"主持人答复了{each['name']}", f"the host answered {each['name']}")
    for each in found.confirmations:
        who = each.organisation.name if each.organisation else ""
        yield each.at, Text(f"{who}确认了开标记录", f"{who} confirmed the record")


_POINTS = {
    "price": Text("宣布最高投标限价", "control price announced"),
    "reading": Text("开始宣读开标一览", "the reading of the bids began"),
    "objections": Text("开始确认和异议", "time to confirm or object began"),
    "ended": Text("开标会结束", "the session ended"),
}
