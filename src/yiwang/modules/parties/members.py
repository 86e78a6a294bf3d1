"""What people do in their organisation: 管理员, 经办人, 授权签字人, 财务; and which acts ask for which of these.

Those who registered an organisation do everything until an administrator says otherwise. Only organisations that
register themselves have administrators; bodies that the center sets up have standing duties instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Verdict, no, verdict
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.parties import rules
from yiwang.modules.parties.models import Person

MANAGER = "manager"
PARTS: dict[str, Text] = {
    "handler": Text("经办人", "handler"),
    "signatory": Text("授权签字人", "authorised signatory"),
    "finance": Text("财务", "finance"),
    MANAGER: Text("单位管理员", "administrator"),
}
MEANING: dict[str, Text] = {
    "handler": Text("办理项目：发布、答复、投标", "handles tenders: publishes, answers, bids"),
    "signatory": Text("除经办外，还可签发中标通知书、签署合同", "also sends the notice of award and signs the contract"),
    "finance": Text("查看项目和款项，不办理项目", "sees tenders and payments, handles none"),
    MANAGER: Text("添加和移除成员、调整分工", "adds and removes members, changes their parts"),
}

SIGNED = ("award.decide", "award.notify", "contract.sign")
"""Acts that bind the organisation for good: for an authorised signatory."""
HANDLED = (
    "tender.enter", "tender.attach_document", "tender.publish", "tender.terminate", "custody.appoint", "clarification.ask",
    "clarification.answer", "objection.raise", "objection.answer", "bid.submit", "bid.commit", "bid.deliver", "bid.withdraw",
    "opening.open", "opening.confirm", "draw.commit", "draw.reveal", "draw.forfeit", "candidates.publicise", "contract.register",
    "objection.withdraw", "complaint.file", "complaint.correct", "complaint.withdraw",
)  # fmt: skip
"""The other acts of an organisation: for a handler or a signatory."""


def parts_of(person: Any) -> frozenset[str]:
    """What a person does in the organisation; everything for those who registered it."""
    return frozenset(PARTS) if person.parts is None else frozenset(person.parts)


def manages(actor: Actor) -> bool:
    """Whether the actor is an administrator of an organisation that registers itself."""
    body = actor.organisation
    return body is not None and not actor.duty and body.kind in rules.SELF_REGISTERED and MANAGER in parts_of(actor.person)


def may_sign(subject: Any, actor: Actor, now: datetime) -> Verdict:
    """A condition of :data:`SIGNED`."""
    return _has(actor, "signatory")


def may_handle(subject: Any, actor: Actor, now: datetime) -> Verdict:
    """A condition of :data:`HANDLED`."""
    return _has(actor, "handler", "signatory")


def registers_itself(actor: Actor) -> bool:
    """Whether the actor acts for an organisation that registers itself, without standing duty."""
    return actor.organisation is not None and not actor.duty and actor.organisation.kind in rules.SELF_REGISTERED


def may_bind(subject: Any, actor: Actor, now: datetime) -> Verdict:
    """A condition of acts on the organisation's certificates: for an administrator or an authorised signatory."""
    if actor.system:
        return YES
    if not registers_itself(actor) or subject != actor.organisation:
        return no("member.organisation", Text("您不代表可以绑定证书的单位", "you act for no organisation that binds certificates"))
    return _has(actor, MANAGER, "signatory")


def belongs(subject: Any, actor: Actor, now: datetime) -> Verdict:
    """A condition of acts of a member about the own organisation."""
    message = Text("您不是这个单位的成员", "you are no member of this organisation")
    return verdict(registers_itself(actor) and subject == actor.organisation, "member.organisation", message)


def may_join(subject: Any, actor: Actor, now: datetime) -> Verdict:
    """A condition of joining: an account acts for one organisation at a time, and duties of the center are apart."""
    if actor.duty:
        return no("member.duty", Text("有专门职责的账号不能加入其他单位", "an account with a standing duty joins no organisation"),
                  passes=Text("另用一个账号", "another account"))  # fmt: skip
    message = Text("您已是一个单位的成员，一个账号同一时间只代表一个单位", "you are a member already; an account acts for one organisation at a time")
    return verdict(actor.organisation is None, "member.one", message, article="民法典 第168条",
                   passes=Text("先退出现在的单位，或另用一个账号", "leave the present organisation first, or use another account"))  # fmt: skip


def _has(actor: Actor, *parts: str) -> Verdict:
    if actor.person is None or actor.organisation is None or parts_of(actor.person) & set(parts):
        return YES
    zh, en = "或".join(PARTS[each].zh for each in parts), " or ".join(PARTS[each].en for each in parts)
    passes = Text("请单位管理员调整您的分工", "ask an administrator of your organisation to give you this part")
    message = Text(f"本单位由{zh}办理这一项", f"in your organisation this is for the {en}")
    return no("member.part", message, article="民法典 第170条", passes=passes)


def checked(parts: list[str]) -> list[str]:
    """The parts in their fixed order, each once. BadInput when one is unknown or there is none."""
    unknown = sorted(set(parts) - set(PARTS))
    passes = Text("、".join(f"{code}（{name.zh}）" for code, name in PARTS.items()), ", ".join(PARTS))
    if unknown:
        raise bad("parts", f"没有“{'、'.join(unknown)}”这种分工", f"no such part: {', '.join(unknown)}", passes=passes)
    if not parts:
        raise bad("parts", "请至少选择一种分工", "choose at least one part", passes=passes)
    return [code for code in PARTS if code in parts]


def checked_name(name: str) -> str:
    """The name of a new member. BadInput when it is missing or too long."""
    if not name.strip() or len(name.strip()) > 100:
        passes = Text("成员的姓名，最多 100 个字", "the member's name, at most 100 characters")
        raise bad("name", "请填写姓名", "the name is missing or too long", passes=passes)
    return name.strip()


def check_not_last(person: Person) -> None:
    """BadInput when nobody else manages the person's organisation."""
    if not managers_besides(person).exists():
        raise bad("username", "这是唯一的单位管理员", "this is the only administrator", code="member.last", passes=Text(
            "先让另一位成员担任单位管理员", "first make another member an administrator"))


def managers_besides(person: Person) -> QuerySet[Person]:
    """The administrators of a person's organisation other than the person."""
    others = Person.objects.filter(organisation=person.organisation, is_active=True, duty="").exclude(pk=person.pk)
    return others.filter(Q(parts__isnull=True) | Q(parts__contains=MANAGER))


def members_of(actor: Actor) -> QuerySet[Person]:
    """The people of the actor's organisation, for its administrators; nobody for others."""
    if not manages(actor):
        return Person.objects.none()
    return Person.objects.filter(organisation=actor.organisation, is_active=True, duty="").order_by("username")
