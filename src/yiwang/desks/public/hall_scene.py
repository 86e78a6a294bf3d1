"""The one large thing of the opening hall: what goes on, how far it is, until when, by which law."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from yiwang.kernel.text import Text
from yiwang.modules.openings.hall_law import hall_law
from yiwang.modules.tenders.selectors import law_of

if TYPE_CHECKING:
    from yiwang.desks.public.hall_facts import Facts


@dataclass(frozen=True)
class Scene:
    """The large thing.

    Attributes:
        title: what is going on, in a few words.
        note: a sentence on it.
        big, of: a large number, and out of how many.
        until, label: a moment to count down to, and what happens then.
        article: the law behind it.
    """

    title: Text
    note: Text
    big: str = ""
    of: str = ""
    until: datetime | None = None
    label: Text | None = None
    article: str = ""


def scene(found: Facts) -> Scene:
    """What is large in the tender's state; after the opening's own states the session is over."""
    return _SCENES.get(found.tender.state, _over)(found)


def _before(found: Facts) -> Scene:
    return Scene(
        Text("还在接受投标", "Bids are still taken"),
        Text(
            "开标前不显示任何投标情况：没有签到名单，也没有份数。投标人不必到场，到时一样开标。",
            "Nothing of the bids shows before the opening: no sign-in list, no number. Tenderers need not be here.",
        ),
        until=found.tender.deadline,
        label=Text("投标截止", "Bids close"),
        article="招标投标法 第22条",
    )


def _closed(found: Facts) -> Scene:
    have, need = len(found.released), found.tender.custody_threshold
    opens, article = found.hall.opens, "招标投标法 第34条"
    if opens is not None and found.now < opens:
        label = Text("新的开标时间", "New time of the opening")
        return Scene(_PUT_OFF, _SEALED_STILL, until=opens, label=label, article=article)
    until = found.tender.bytes_until
    if until is not None and found.now < until:
        label = Text("宽限结束，此后公布密钥、开标", "The grace ends; keys and opening come after it")
        return Scene(_ON_THEIR_WAY, _GRACE.format(n=found.tender.upload_grace_minutes), until=until, label=label, article=article)
    title, note = (_KEYS, _HOW_MANY.format(k=need)) if have < need else (_ENOUGH, _ABOUT_TO_OPEN)
    return Scene(title, note, big=str(min(have, need)), of=str(need), article=article)


def _opened(found: Facts) -> Scene:
    here, article = found.hall, "招标投标法 第36条"
    if here.ended:
        return _over(found)
    if here.until is not None:
        if found.now < here.until and not here.paused:
            label = Text("确认和异议截止", "Confirm or object until")
            return Scene(_OBJECT, _AT_OWN_DESK, until=here.until, label=label, article=hall_law().article)
        return Scene(_ABOUT_TO_END, _WHEN_IT_ENDS)
    if here["read"]:
        return Scene(_READING, _ALL_BELOW, big=str(here["read"]), of=str(here.bids), article=article)
    return Scene(_ALL_OPEN, _READ_NEXT, big=str(here.bids), article=article)


def _over(found: Facts) -> Scene:
    note = Text("共打开 {n} 份投标，记录永久公开。", "{n} bids were opened; the record stays public.")
    return Scene(Text("开标会已经结束", "The session is over"), note.format(n=found.hall.bids))


def _failed(found: Facts) -> Scene:
    if found.opening is not None and found.opening.record is not None:
        note = Text("评标委员会否决了全部投标，招标人应当重新招标。", "The committee rejected all bids; the buyer must tender again.")
        return Scene(Text("招标失败", "The tender failed"), note, article="招标投标法 第42条")
    procedure = law_of(found.tender)
    title = Text("不开标：投标少于法定份数", "No opening: fewer bids than the law asks")
    return Scene(title, _TOO_FEW.format(n=procedure.least_bids), article=procedure.least_bids_article)


def _terminated(found: Facts) -> Scene:
    never = found.opening is None or found.opening.record is None
    return Scene(
        Text("招标人终止了招标", "The buyer ended this tender"),
        _NEVER_OPENED if never else Text("原因见项目页面。", "The reason stands on the tender’s page."),
        article="招标投标法实施条例 第31条",
    )


_SCENES: dict[str, Callable[[Facts], Scene]] = {
    "tendering": _before, "closed": _closed, "opened": _opened, "failed": _failed, "terminated": _terminated,
}  # fmt: skip

_PUT_OFF = Text("开标推迟", "The opening is put off")
_SEALED_STILL = Text("密封的投标原样保存，到新的时间再开。", "The sealed bids stay as they are until the new time.")
_ON_THEIR_WAY = Text("等待在途的密封文件传完", "Sealed files on their way may finish")
_GRACE = Text(
    "公告给了 {n} 分钟：截止前已登记摘要的密封文件可以传完，别的不再收。有没有这样的文件，开标前不显示。",
    "The notice gives {n} minutes: sealed files whose hash was on record before the deadline may finish, nothing else is "
    "taken. Whether there is any does not show before the opening.",
)
_KEYS = Text("已公布的保管人密钥", "Custodians’ keys released")
_HOW_MANY = Text(
    "任意 {k} 位公布后，全部投标同时打开，否则一份也打不开。",
    "Once any {k} have released theirs, all bids open together; until then not one does.",
)
_ENOUGH = Text("密钥已够，等待开标", "Enough keys: the opening is next")
_ABOUT_TO_OPEN = Text("主持人即将打开全部投标。", "The host is about to open all bids.")
_OBJECT = Text("确认记录，或者当场提出异议", "Confirm the record, or object now")
_AT_OWN_DESK = Text("投标人在自己的工作台上办理。", "Tenderers do so at their own desks.")
_ABOUT_TO_END = Text("等待结束", "About to end")
_WHEN_IT_ENDS = Text(
    "主持人和见证人员确认记录、提问和异议答复完毕后结束。",
    "The session ends when host and observer have confirmed and all questions and objections are answered.",
)
_READING = Text("正在宣读开标一览", "The bids are read out")
_ALL_BELOW = Text("下面的一览就是完整的开标记录。", "The list below is the whole record.")
_ALL_OPEN = Text("全部投标已经打开", "All bids are open")
_READ_NEXT = Text("接下来逐一宣读。下面的一览就是完整的开标记录。", "They are read out next. The list below is the whole record.")
_TOO_FEW = Text(
    "到截止时间，投标少于 {n} 份，依法不得开标。没有人打开过任何一份，密封的投标原样封存。招标人分析原因后应当重新招标。",
    "At the deadline there were fewer than {n} bids; by law there is no opening. Nobody opened any of them. "
    "The buyer looks into the causes and must tender again.",
)
_NEVER_OPENED = Text("没有开标；密封的投标不会再打开。", "There is no opening; sealed bids are not opened any more.")
