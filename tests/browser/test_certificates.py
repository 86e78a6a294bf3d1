"""Certificates, invitations and resets in a real browser: a certificate is bound from the downloaded statement; looks and axe."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import pkcs12

from tests.browser.settled import asked, follow
from yiwang.cli import certificate as cli
from yiwang.kernel import moment
from yiwang.modules.parties import acts, cert_sandbox, join_acts, reset_acts, services
from yiwang.modules.parties import selectors as parties

PASSPHRASE = cert_sandbox.PASSPHRASE.decode()


@pytest.fixture
def firm(cast: Any, settings: Any, tmp_path: Path) -> Any:
    """A firm of the cast with a second and a third administrator."""
    settings.CERTIFICATE_AUTHORITIES = tmp_path / "authorities"
    player = cast.tenderer("丙和建设有限公司")
    for username, name in (("er", "李二"), ("san", "周三")):
        acts.appoint_member(actor=player.actor, username=username, name=name, parts=["manager"])
    return player


def token(player: Any, folder: Path, *, days: int = 365) -> Path:
    """The organisation's certificate in a file, as the demo city's authority issues it."""
    body = player.actor.organisation
    (folder / "own.p12").write_bytes(cert_sandbox.issue(body.uscc, body.name, moment.now(), days=days))
    assert pkcs12.load_key_and_certificates((folder / "own.p12").read_bytes(), cert_sandbox.PASSPHRASE)[0] is not None
    return folder / "own.p12"


def sign(page: Any, p12: Path, folder: Path) -> None:
    """Download the statement, sign it as ``yiwang sign certificate`` does, and choose the file."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载声明").click()
    statement = folder / waiting.value.suggested_filename
    waiting.value.save_as(statement)
    answer = cli.by_file(p12, cli.statement_in(statement), lambda: PASSPHRASE)
    (folder / "signature.json").write_text(json.dumps(answer))
    page.locator('input[type="file"][name="signature"]').set_input_files(folder / "signature.json")


def looked_at(page: Any, name: str, faults: Callable[[Any], list[str]], shot: Callable[[Any, str], None]) -> None:
    """Axe finds nothing, the page is not wider than its window, a picture is taken."""
    assert faults(page) == [], name
    assert asked(page, "() => document.documentElement.scrollWidth <= innerWidth + 1"), name
    shot(page, name)


def test_a_certificate_from_binding_to_signing_in(firm: Any, visitor: Any, faults: Any, shot: Any, tmp_path: Path) -> None:
    page, p12 = visitor(firm), token(firm, tmp_path, days=20)
    page.goto("/account/certificates/")
    looked_at(page, "certificates-none", faults, shot)
    sign(page, p12, tmp_path)
    page.get_by_role("button", name="绑定证书").click()
    page.get_by_text("机构证书已绑定").wait_for()
    looked_at(page, "certificates-one", faults, shot)
    page.goto("/keys/")
    follow(page, page.get_by_role("link", name="用机构证书背书").first)
    looked_at(page, "certificate-endorse", faults, shot)
    sign(page, p12, tmp_path)
    page.get_by_role("button", name="用机构证书背书").click()
    page.get_by_text("由机构证书背书").first.wait_for()
    looked_at(page, "keys-endorsed", faults, shot)
    page.goto("/account/certificates/factor/")
    sign(page, p12, tmp_path)
    page.get_by_role("button", name="机构证书作为第二因素").click()
    page.get_by_text("恢复码只显示这一次").wait_for()
    page.goto("/account/")
    looked_at(page, "security-certificate", faults, shot)
    firm.person.set_password("correct horse 9")
    firm.person.save()
    phone = visitor(None, width=390)
    phone.goto("/login/")
    phone.get_by_label("用户名").fill(firm.person.username)
    phone.get_by_label("密码").fill("correct horse 9")
    phone.get_by_role("button", name="登录", exact=True).click()
    phone.get_by_text("使用机构证书").wait_for()
    looked_at(phone, "phone-second-certificate", faults, shot)
    sign(phone, p12, tmp_path)
    phone.get_by_role("button", name="用机构证书确认").click()
    phone.get_by_text("机构证书还有 19 天到期").or_(phone.get_by_text("机构证书还有 20 天到期")).wait_for()
    looked_at(phone, "phone-home-notices", faults, shot)
    phone.goto("/account/certificates/")
    looked_at(phone, "phone-certificates", faults, shot)


def test_invitations_and_resets(firm: Any, visitor: Any, faults: Any, shot: Any) -> None:
    who = services.add_person(username="sun", name="孙七", password=None)
    join_acts.invite(actor=firm.actor, username="sun", parts=["handler", "signatory"])
    acts.appoint_member(actor=firm.actor, username="wu7", name="吴七", parts=["handler"])
    lost = parties.person_named("wu7")
    reset = reset_acts.ask(actor=firm.actor, username="wu7", reason="手机遗失，本人电话告知")
    second = services.actor_of(parties.person_named("er"))

    def visit(page: Any, path: str, name: str) -> None:
        for lang, width in (("en", 390), ("zh", 1440)):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{path}?lang={lang}")
            looked_at(page, f"{name}-{lang}-{width}", faults, shot)

    page = visitor(SimpleNamespace(person=second.person))
    visit(page, "/account/resets/", "resets")
    visit(page, "/desk/", "home-reset-waits")
    visit(page, "/account/members/", "members")
    reset_acts.agree(actor=second, reset=str(reset.pk))
    page = visitor(SimpleNamespace(person=lost))
    visit(page, "/account/", "reset-notice")
    page.get_by_role("button", name="反对重设").click()
    page.get_by_text("已反对").first.wait_for()
    page = visitor(SimpleNamespace(person=who))
    visit(page, "/account/organisation/", "organisation-invited")
    page.get_by_role("button", name="加入单位").click()
    page.get_by_text("您已加入单位").wait_for()
    looked_at(page, "organisation-joined-zh", faults, shot)
    page.set_viewport_size({"width": 390, "height": 900})
    looked_at(page, "organisation-joined-zh-390", faults, shot)
