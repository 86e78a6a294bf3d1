"""How a custody stands, in words: the key given, the key released, who is late, who declared that it cannot be done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel.text import Text
from yiwang.modules.openings import custody_rules
from yiwang.modules.openings.custody_law import custody_law
from yiwang.ui.formats import when_text
from yiwang.ui.shapes import Tag


def given_tag(custodian: Any, now: datetime) -> Tag:
    """Where the public key stands."""
    if custodian.recipient:
        return Tag(Text("替补已提供", "given by the deputy") if custodian.key_by_deputy else Text("已提供", "given"), "good")
    if custodian.refused_at:
        return Tag(Text("声明不能提供", "declared: cannot"), "bad")
    since, _ = custody_rules.deputy_for_key(custodian)
    if since is not None and now >= since:
        return Tag(Text("迟迟未提供", "late"), "bad")
    return Tag(Text("待提供公钥", "public key wanted"), "wait")


def released_tag(custodian: Any, tender: Any, now: datetime) -> Tag:
    """Where the secret half stands."""
    if custodian.released_at:
        return Tag(Text("替补已公布", "released by the deputy") if custodian.released_by_deputy else Text("已公布", "released"), "final")
    if not custodian.recipient:
        return Tag(Text("还没有密钥", "no key yet"), "neutral")
    if custodian.refused_at:
        return Tag(Text("声明不能公布", "declared: cannot"), "bad")
    if tender.state != "closed":
        return Tag(Text("保管中", "in custody"), "good" if tender.state in ("draft", "tendering") else "neutral")
    since, _ = custody_rules.deputy_for_release(custodian, tender)
    late = since is not None and now >= since
    return Tag(Text("迟迟未公布", "late"), "bad") if late else Tag(Text("待公布", "to be released now"), "wait")


def deputy_note(custodian: Any, tender: Any, now: datetime) -> Text:
    """The deputy of a custody that has one, what she may do and from when."""
    name = custodian.deputy.name
    if custodian.released_at or tender.state not in ("draft", "tendering", "closed"):
        return Text(name, name)
    if not custodian.recipient:
        since, _ = custody_rules.deputy_for_key(custodian)
    elif tender.state == "closed":
        since, _ = custody_rules.deputy_for_release(custodian, tender)
    else:
        return Text(name, name)
    if since is None or now >= since:
        return Text(f"{name}，现在可以代为办理", f"{name}, may act now")
    return Text(f"{name}，{when_text(since)} 起可以代为办理", f"{name}, may act from {when_text(since)}")


def keeper(custodian: Any, *, named: bool) -> Text:
    """The body, with the custodian's name for those who may read it."""
    body = custodian.person.organisation.name
    return Text(f"{body}（{custodian.person.name}）", f"{body} ({custodian.person.name})") if named else Text(body, body)


def note(custodian: Any, tender: Any, now: datetime) -> Text:
    """The deputy, and what the custodian declared."""
    parts = [f"替补：{deputy_note(custodian, tender, now).zh}" if custodian.deputy_id else "",
             f"声明：{custodian.refusal}" if custodian.refused_at else ""]  # fmt: skip
    in_english = [f"Deputy: {deputy_note(custodian, tender, now).en}" if custodian.deputy_id else "",
                  f"Declared: {custodian.refusal}" if custodian.refused_at else ""]  # fmt: skip
    return Text("；".join(filter(None, parts)) or "—", "; ".join(filter(None, in_english)) or "—")


def stands_in(custodian: Any, rule: str) -> dict[str, Any]:
    """For whom a deputy acts, and by which rule."""
    return {"name": custodian.person.name, "rule": rule, "says": custody_law().deputies.says, "article": custody_law().deputies.article}
