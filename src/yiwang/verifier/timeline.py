"""The tender's life in the order of the log: every disclosed act with moment, who and index, and what it came to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yiwang.kernel.evaluation_facts import rank_words
from yiwang.kernel.moment import from_stamp
from yiwang.kernel.money import yuan
from yiwang.kernel.text import Text
from yiwang.seal.joint import party_name
from yiwang.verifier.dossier import Act, Dossier
from yiwang.verifier.report import Event
from yiwang.verifier.words import act_name, beijing, role_name

_QUIET = ("organisation.register", "person.bind_key")
"""Acts that others rest on and that are no part of the tender's story."""


def timeline(dossier: Dossier) -> tuple[Event, ...]:
    """The story. Whatever is malformed in an act is the checks' to say; here it is left out."""
    names = _names(dossier)
    events, before = [], -1
    hidden = sorted(each.index for each in dossier.hidden)
    for act in dossier.acts:
        if act.name in _QUIET:
            continue
        between = sum(before < index < act.index for index in hidden)
        before = act.index
        who = names.get(act.party, act.party) or str(act.content["actor"]["person"])[:8]
        events.append(
            Event(act.index, act.at, act.name, act_name(act.name), role_name(act.role), who, _says(act), between)
        )
    return tuple(events)


def _names(dossier: Dossier) -> dict[str, str]:
    """Names by credit code, as registered."""
    registered = (act.public for act in dossier.all("organisation.register"))
    return {each["uscc"]: each["name"] for each in registered
            if isinstance(each.get("uscc"), str) and isinstance(each.get("name"), str)}  # fmt: skip


def _says(act: Act) -> Text:
    try:
        return _SAYS[act.name](act.public) if act.name in _SAYS else Text("", "")
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError):
        return Text("", "")


def _deadline(public: dict[str, Any]) -> Text:
    until = beijing(from_stamp(public["deadline"]))
    return Text(f"投标截止 {until.zh}", f"bids until {until.en}")


def _opened(public: dict[str, Any]) -> Text:
    bids = public["record"]["bids"]
    sound = sum(bid["fault"] is None for bid in bids)
    return Text(f"{len(bids)} 份投标，{sound} 份有效", f"{len(bids)} bids, {sound} sound")


def _awarded(public: dict[str, Any]) -> Text:
    name, price = _party(public["tenderer_name"], public), yuan(public["price"])
    rank = rank_words(public["rank"])
    return Text(f"{name.zh}，{price} 元，{rank.zh}", f"{name.en}, {price} yuan, {rank.en}")


def _party(name: str, public: dict[str, Any]) -> Text:
    """Who bids, by name: of a joint bid all members."""
    return party_name(name, [member["name"] for member in public.get("joint", [])[1:]])


def _publicised(public: dict[str, Any]) -> Text:
    named = [(item["rank"] or "–", _party(item["name"], item)) for item in public["candidates"]]
    return Text("；".join(f"{rank}. {name.zh}" for rank, name in named), "; ".join(f"{rank}. {name.en}" for rank, name in named))


def _same(value: object) -> Text:
    return Text(str(value), str(value))


def _failed(public: dict[str, Any]) -> Text:
    if public["reason"] == "decision":
        return _same(public["number"])
    return _WHY_FAILED[public["reason"]]


_WHY_FAILED = {
    "too_few_bids": Text("投标不足", "too few bids"),
    "all_rejected": Text("全部否决", "all rejected"),
    "too_few_admitted": Text("通过的不足三个", "fewer than three admitted"),
    "earlier_ended": Text("第一信封已经结束", "the first envelope had ended"),
}

_SAYS: dict[str, Callable[[dict[str, Any]], Text]] = {
    "tender.publish": _deadline,
    "clarification.answer": _deadline,
    "deadline.follow": _deadline,
    "tender.attach_document": lambda p: _same(p["document"]["title"]),
    "custody.provide_key": lambda p: Text(f"第 {p['position'] + 1} 位", f"position {p['position'] + 1}"),
    "opening.release_key": lambda p: Text(f"第 {p['position'] + 1} 位", f"position {p['position'] + 1}"),
    "opening.close": lambda p: Text(f"{p['count']} 份投标", f"{p['count']} bids"),
    "opening.open": _opened,
    "draw.freeze_list": lambda p: Text(f"{len(p['leaves'])} 名专家", f"{len(p['leaves'])} experts"),
    "draw.seat": lambda p: Text(f"{len(p['seats'])} 个席位", f"{len(p['seats'])} seats"),
    "evaluation.submit_sheet": lambda p: Text(f"席位 {p['seat']}", f"seat {p['seat']}"),
    "evaluation.declare": lambda p: Text(f"席位 {p['seat']}", f"seat {p['seat']}"),
    "draw.forfeit": lambda p: _same(p["party"]),
    "coefficient.forfeit": lambda p: _same(p["party"]),
    "award.forfeit_lots": lambda p: _same(p["party"]),
    "coefficient.reveal": lambda p: _same(p["coefficient"]) if p.get("coefficient") is not None else Text("", ""),
    "evaluation.correct_sheet": lambda p: Text(f"席位 {p['seat']}", f"seat {p['seat']}"),
    "evaluation.vote_price": lambda p: Text(
        f"席位 {p['seat']}：{'同意' if p['agree'] else '不同意'}", f"seat {p['seat']}: {'for' if p['agree'] else 'against'}"
    ),
    "evaluation.confirm_price": lambda p: Text(
        "确认" if p["statement"]["confirmed"] else "不确认", "confirmed" if p["statement"]["confirmed"] else "refused"
    ),
    "evaluation.judge_price": lambda p: Text(
        f"席位 {p['seat']}：{'能证明' if p['proven'] else '不能证明'}", f"seat {p['seat']}: {'proven' if p['proven'] else 'not proven'}"
    ),
    "award.seat": lambda p: Text(f"{len(p['members'])} 人", f"{len(p['members'])} members"),
    "award.vote": lambda p: Text(f"第 {p['statement']['round']} 轮，{p['member']} 号", f"round {p['statement']['round']}, member {p['member']}"),
    "evaluation.sign_report": lambda p: Text(f"席位 {p['seat']}", f"seat {p['seat']}"),
    "candidates.publicise": _publicised,
    "award.decide": _awarded,
    "objection.answer": lambda p: Text("成立" if p["upheld"] else "不成立", "upheld" if p["upheld"] else "not upheld"),
    "complaint.suspend": lambda p: Text(f"{p['number']}：{p['reason']}", f"{p['number']}: {p['reason']}"),
    "complaint.resume": lambda p: _same(p["reason"]),
    "complaint.decide": lambda p: Text(
        f"{p['number']}：{'成立' if p['outcome'] == 'upheld' else '驳回'}", f"{p['number']}: {p['outcome']}"
    ),
    "tender.fail": _failed,
    "tender.terminate": lambda p: _same(p["reason"]),
    "invitees.list": lambda p: Text(f"{len(p['listed'])} 家，抽取 {p['number']} 家", f"{len(p['listed'])} candidates, {p['number']} to be drawn"),
    "invitees.reveal": lambda p: Text(f"抽出 {len(p['chosen'])} 家", f"{len(p['chosen'])} drawn") if "chosen" in p else Text("", ""),
    "tender.invite": lambda p: Text(f"邀请 {len(p['invited'])} 家", f"{len(p['invited'])} invited"),
    "admission.decide": lambda p: Text(f"通过 {len(p['admitted'])} 家，未通过 {len(p['others'])} 家",
                                       f"{len(p['admitted'])} admitted, {len(p['others'])} not"),
    "draw.carry": lambda p: Text(f"{len(p['seats'])} 个席位，沿用 {p['earlier']}", f"{len(p['seats'])} seats, as in {p['earlier']}"),
}
"""What is said of an act beside its name, from its public part."""
