"""Organisations with people, and a certificate authority of the test's own in the folder that the site believes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.desks.conftest import desk, stage  # noqa: F401  (fixtures)
from tests.parties.authority import Authority
from yiwang.demo.cast import made_up_uscc
from yiwang.modules.evidence.actors import SYSTEM, Actor
from yiwang.modules.parties import acts, factors, services, totp
from yiwang.modules.parties import selectors as parties


@pytest.fixture(autouse=True)
def quick(settings: Any) -> None:
    """Passwords hashed fast: what is tested here is not the hash."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@dataclass(frozen=True)
class Town:
    """Two firms and the center; ``town("li")`` is the actor that somebody is now."""

    firm: Any
    other: Any
    root: Authority

    def __call__(self, username: str) -> Actor:
        return services.actor_of(parties.person_named(username))

    def member(self, username: str, *parts: str) -> Actor:
        """A new member of the firm."""
        acts.appoint_member(actor=self("zhao"), username=username, name=f"{username}先生", parts=list(parts))
        return self(username)


@pytest.fixture
def town(stage: Any, settings: Any, tmp_path: Path) -> Town:  # noqa: F811  (the fixture above)
    """赵 registered the firm, 钱 the other one, 孙 has no organisation; 钟 and 郑 are of the center."""
    settings.CERTIFICATE_AUTHORITIES = tmp_path / "authorities"

    def body(name: str, kind: str = "enterprise") -> Any:
        return acts.register_organisation(actor=SYSTEM, uscc=made_up_uscc(name), name=name, kind=kind)

    firm, other, center = body("海天建设有限公司"), body("宏远市政工程有限公司"), body("滨海中心", "center")
    for username, organisation, duty in (("zhao", firm, ""), ("qian", other, ""), ("sun", None, ""), ("zhong", center, "center"),
                                         ("zheng", center, "center")):  # fmt: skip
        services.add_person(username=username, name=f"{username}先生", password="correct horse 9", organisation=organisation, duty=duty)
    return Town(firm, other, Authority(settings.CERTIFICATE_AUTHORITIES))


@pytest.fixture
def three(town: Town) -> Town:
    """赵, 李 and 周 are administrators of the firm; 吴 is a handler who has lost the phone."""
    for username, part in (("li", "manager"), ("zhou", "manager"), ("wu", "handler")):
        person = town.member(username, part).person
        person.set_password("correct horse 9")
        person.save()
    totp.keep(town("wu").person, totp.new_secret(), 0)
    factors.new_recovery_codes(town("wu").person)
    return town
