"""Transitions of organisations and people."""

from __future__ import annotations

from yiwang.kernel.text import Text
from yiwang.kernel.transitions import State, Table, Transition
from yiwang.modules.evidence.actors import Actor, Told, recipients_of, role_test
from yiwang.modules.evidence.registry import condition, register
from yiwang.modules.parties import account_rows, members

ORGANISATION = register(
    Table(
        "organisation",
        (State("registered", Text("已注册", "registered"), Text("可以参加交易", "may take part in trading")),),
        (
            Transition(
                "organisation.register",
                Text("注册单位", "register an organisation"),
                "organisation",
                roles=("public", "system"),
                sources=(),
                articles=("电子招标投标办法 第14条",),
            ),
            Transition(
                "member.appoint",
                Text("添加成员或调整分工", "add a member or change the parts"),
                "organisation",
                roles=("manager",),
                sources=(),
                articles=("民法典 第170条",),
            ),
            Transition(
                "member.remove",
                Text("移除成员", "remove a member"),
                "organisation",
                roles=("manager",),
                sources=(),
                articles=("民法典 第173条",),
            ),
            *account_rows.MEMBERS,
            *account_rows.CERTIFICATES,
            *account_rows.RESETS,
        ),
    )
)

PERSON = register(
    Table(
        "person",
        (State("active", Text("有效", "active"), Text("可以登录", "may sign in")),),
        (
            Transition(
                "person.bind_key",
                Text("绑定签名密钥", "bind a signing key"),
                "person",
                roles=("person",),
                sources=(),
                articles=("电子签名法 第13条",),
            ),
        ),
    )
)


@role_test("person")
def _is_a_person(actor: Actor, subject: object) -> bool:
    return actor.known


@role_test("manager")
def _is_manager(actor: Actor, subject: object) -> bool:
    return members.manages(actor) and subject == actor.organisation


condition(*members.SIGNED)(members.may_sign)
condition(*members.HANDLED)(members.may_handle)


for _duty in ("center", "supervisor", "lender", "admin"):
    role_test(_duty)(lambda actor, subject, duty=_duty: actor.duty == duty)  # type: ignore[misc]


@recipients_of("manager")
def _members_of(subject: object) -> list[Told]:
    """The whole organisation: whoever is concerned must see it too."""
    return [(subject.pk, None)]  # type: ignore[attr-defined]


@recipients_of("center")
def _centers(subject: object) -> list[Told]:
    return _of_kind("center")


@recipients_of("supervisor")
def _supervisors(subject: object) -> list[Told]:
    return _of_kind("supervisor")


def _of_kind(kind: str) -> list[Told]:
    from yiwang.modules.parties.models import Organisation  # models load after tables

    found = Organisation.objects.filter(kind=kind).order_by()
    return [(pk, None) for pk in found.values_list("pk", flat=True)]
