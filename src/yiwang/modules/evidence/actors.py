"""Who acts: a person, for an organisation, with duties; or the system itself; or anybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Role

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role("buyer", Text("招标人", "buyer")),
        Role("agency", Text("招标代理机构", "agency")),
        Role("tenderer", Text("投标人", "tenderer")),
        Role("supplier", Text("中标人", "supplier")),
        Role("invitee", Text("受邀请人", "invited tenderer")),
        Role("bidder", Text("已开标的投标人", "tenderer whose bid was opened")),
        Role("objector", Text("提出异议或质疑的人", "who objected")),
        Role("complainant", Text("投诉人", "complainant")),
        Role("evaluator", Text("评标专家", "evaluator")),
        Role("asked", Text("被要求说明报价的投标人", "tenderer asked to explain its price")),
        Role("corrected", Text("报价被修正的投标人", "tenderer whose price was corrected")),
        Role("award_member", Text("定标委员会成员", "member of the award committee")),
        Role("custodian", Text("密钥保管人", "custodian")),
        Role("driller", Text("参加演练的保管人", "custodian in a drill")),
        Role("center", Text("交易中心", "trading center")),
        Role("supervisor", Text("行政监督部门", "supervisor")),
        Role("lender", Text("金融机构", "lender")),
        Role("admin", Text("系统管理员", "administrator")),
        Role("manager", Text("单位管理员", "administrator of an organisation")),
        Role("person", Text("已登录的人", "anybody signed in")),
        Role("system", Text("系统（按时间）", "the system, by time")),
        Role("public", Text("社会公众", "the public")),
    )
}


@dataclass(frozen=True)
class Actor:
    """A person acting for an organisation. Both are None for the public and for the system."""

    person: Any = None
    organisation: Any = None
    system: bool = False

    @property
    def known(self) -> bool:
        """True for somebody who is signed in."""
        return self.person is not None

    @property
    def duty(self) -> str:
        """The standing duty of the person (center, supervisor, custodian, lender, admin, evaluator) or ''."""
        return self.person.duty if self.person else ""


PUBLIC = Actor()
SYSTEM = Actor(system=True)

RoleTest = Callable[[Actor, Any], bool]
Told = tuple[int | None, UUID | None]
"""Whom to tell: an organisation's id or a person's, the other None."""
Recipients = Callable[[Any], list[Told]]

_tests: dict[str, RoleTest] = {
    "system": lambda actor, subject: actor.system,
    "public": lambda actor, subject: not actor.system,
}
_recipients: dict[str, Recipients] = {}


def role_test(code: str) -> Callable[[RoleTest], RoleTest]:
    """Register how one tells that an actor has this role towards a subject (a tender or None)."""

    def register(test: RoleTest) -> RoleTest:
        _tests[code] = test
        return test

    return register


def role_in_tenders(code: str, through: str = "tender") -> Callable[[Callable[[Actor], Any]], Callable[[Actor], Any]]:
    """Register a role that an actor has in single tenders: ``find(actor)`` gives the rows that make him one, a queryset
    whose lookup ``through`` leads to the tender, or None when he can have no such role.
    """

    def register(find: Callable[[Actor], Any]) -> Callable[[Actor], Any]:
        def test(actor: Actor, tender: Any) -> bool:
            if tender is None or (rows := find(actor)) is None:
                return False
            known = _read.get()
            if known is None:
                return bool(rows.filter(**{through: tender}).exists())
            key = (code, actor.person and actor.person.pk, actor.organisation and actor.organisation.pk)
            if key not in known:
                known[key] = set(rows.values_list(through, flat=True).order_by())
            return tender.pk in known[key]

        _tests[code] = test
        return find

    return register


_read: ContextVar[dict[tuple[Any, ...], set[Any]] | None] = ContextVar("roles_read", default=None)


@contextmanager
def reading() -> Iterator[None]:
    """A stretch in which nothing changes who has which role: each role's tenders are asked for once, not one by one."""
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def recipients_of(code: str) -> Callable[[Recipients], Recipients]:
    """Register who is told when "role" must know of a tender: pairs of (organisation id, person id)."""

    def register(find: Recipients) -> Recipients:
        _recipients[code] = find
        return find

    return register


def has_role(code: str, actor: Actor, subject: Any) -> bool:
    """True when the actor has the role towards the subject."""
    return _tests[code](actor, subject)


def roles_towards(actor: Actor, subject: Any) -> tuple[str, ...]:
    """All roles of the actor towards a subject, in the order of :data:`ROLES`."""
    return tuple(code for code in ROLES if code in _tests and _tests[code](actor, subject))


def to_tell(roles: tuple[str, ...], subject: Any) -> list[Told]:
    """Whom to tell, once each: (organisation id, person id) with one of the two set."""
    found: dict[Told, None] = {}
    for code in roles:
        for pair in _recipients[code](subject) if code in _recipients else []:
            found[pair] = None
    return list(found)
