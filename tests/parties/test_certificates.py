"""Certificates of organisations: bound, used to endorse keys and as second factor, run out, ended; and what then counts."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import pkcs12

from tests.parties.authority import DAY, Authority, Holder
from tests.parties.conftest import Town
from yiwang.kernel import moment
from yiwang.kernel.errors import BadInput, Refused
from yiwang.modules.evidence.models import Act
from yiwang.modules.parties import (
    acts,
    audit,
    cert_acts,
    cert_factor,
    cert_sandbox,
    cert_selectors,
    cert_statements,
    factors,
)
from yiwang.modules.parties import selectors as parties
from yiwang.modules.parties.models import Certificate, Endorsement
from yiwang.seal import signing


def bound(town: Town, username: str = "zhao", holder: Holder | None = None, **how: Any) -> tuple[Holder, Certificate]:
    actor = town(username)
    holder = holder or town.root.issue(actor.organisation.uscc, **how)
    statement = cert_statements.make(cert_statements.BIND, actor.person)
    signature = holder.sign(cert_statements.message(statement))
    return holder, cert_acts.bind(actor=actor, statement=statement, signature=signature, chain=holder.chain)


def with_key(town: Town, username: str = "zhao") -> str:
    key = signing.new_signing_key()
    public = signing.public_text(key)
    acts.bind_key(actor=town(username), public=public, proof=signing.sign_statement(key, "bind-key", {"public": public}))
    return public


def endorsed(town: Town, holder: Holder, certificate: Certificate, public: str, username: str = "zhao") -> Endorsement:
    actor = town(username)
    statement = cert_statements.make(cert_statements.ENDORSE, actor.person, key=public)
    signature = holder.sign(cert_statements.message(statement))
    return cert_acts.endorse(
        actor=actor, certificate=certificate.fingerprint, key=public, statement=statement, signature=signature
    )


def sound() -> None:
    assert list(audit.everywhere()) == []


def test_a_certificate_is_bound_with_its_facts_on_the_log(town: Town) -> None:
    holder, made = bound(town)
    act = Act.objects.get(act="certificate.bind")
    public = json.loads(bytes(act.canonical))["public"]
    assert public["organisation"] == town.firm.uscc and public["fingerprint"] == made.fingerprint
    assert public["issuer"] == "CN=测试根" and public["not_after"] == moment.stamp(made.not_after)
    assert act.subject == town.firm.chain and made.act == act and not made.sandbox
    assert parties.certificates_of(town.firm) == [made] and parties.certificates_of(town.other) == []
    assert made.not_after == holder.certificate.not_valid_after_utc
    sound()


def test_who_may_bind(town: Town) -> None:
    town.member("li", "handler", "finance")
    town.member("zhou", "signatory")
    bound(town, "zhou")
    for username in ("li", "sun", "zhong"):
        with pytest.raises((Refused, BadInput)):
            bound(town, username, town.root.issue(town.firm.uscc))
    assert Certificate.objects.count() == 1


def test_what_is_refused(town: Town) -> None:
    holder, _ = bound(town)
    with pytest.raises(BadInput, match="已经绑定过"):
        bound(town, holder=holder)
    with pytest.raises(BadInput, match="没有本单位"):
        bound(town, "qian", town.root.issue(town.firm.uscc))
    with pytest.raises(BadInput, match="不在受理"):
        bound(town, holder=Authority(None, "别家").issue(town.firm.uscc))
    revoked = town.root.issue(town.firm.uscc)
    town.root.revoke(revoked, moment.now() - DAY)
    with pytest.raises(BadInput, match="吊销"):
        bound(town, holder=revoked)


def test_a_statement_is_for_one_person_one_purpose_and_half_an_hour(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    holder, zhao = town.root.issue(town.firm.uscc), town("zhao")
    town.member("zhou", "signatory")

    def tried(statement: dict[str, Any], username: str = "zhao", signed: dict[str, Any] | None = None) -> None:
        signature = holder.sign(cert_statements.message(signed or statement))
        cert_acts.bind(actor=town(username), statement=statement, signature=signature, chain=holder.chain)

    mine = cert_statements.make(cert_statements.BIND, zhao.person)
    with pytest.raises(BadInput, match="不是发给您"):
        tried(mine, "zhou")
    with pytest.raises(BadInput, match="不是发给您"):
        tried(cert_statements.make(cert_statements.SIGN_IN, zhao.person))
    with pytest.raises(BadInput, match="不是发给您"):
        tried({**mine, "organisation": town.other.uscc})
    with pytest.raises(BadInput, match="不是发给您"):
        tried({**mine, "nonce": mine["nonce"][:-1] + "x"})
    with pytest.raises(BadInput, match="签名与声明"):
        tried(mine, signed=cert_statements.make(cert_statements.BIND, zhao.person))
    with pytest.raises(BadInput, match="签名与声明"):
        cert_acts.bind(actor=zhao, statement=mine, signature="not base64", chain=holder.chain)
    real = cert_statements.time.time
    monkeypatch.setattr(cert_statements.time, "time", lambda: real() + 1801)
    with pytest.raises(BadInput, match="超过 30 分钟"):
        tried(mine)
    monkeypatch.setattr(cert_statements.time, "time", real)
    tried(mine)


def test_a_key_is_endorsed_and_signatures_before_the_end_stay_valid(town: Town, stage: Any) -> None:
    holder, certificate = bound(town, ends=moment.now() + 40 * DAY)
    public = with_key(town)
    before = moment.now()
    stage.wait(seconds=60)
    made = endorsed(town, holder, certificate, public)
    assert parties.endorsement_of(public, made.at) == made
    assert parties.endorsement_of(public, before) is None
    signed_at = moment.now() + DAY
    stage.to(moment.now() + 50 * DAY)
    assert parties.endorsement_of(public, signed_at) == made
    assert parties.endorsement_of(public, moment.now()) is None
    assert cert_selectors.standing_of(certificate, moment.now()).code == "expired"
    with pytest.raises(BadInput, match="没有这张有效"):
        endorsed(town, holder, certificate, with_key(town))
    sound()


def test_an_ended_certificate_counts_until_then(town: Town, stage: Any) -> None:
    holder, certificate = bound(town)
    public = with_key(town)
    endorsed(town, holder, certificate, public)
    with pytest.raises(BadInput, match="已由这张证书背书"):
        endorsed(town, holder, certificate, public)
    stage.wait(seconds=3600)
    signed_at = moment.now()
    stage.wait(seconds=60)
    cert_acts.revoke(actor=town("zhao"), fingerprint=certificate.fingerprint, reason="介质遗失")
    assert parties.endorsement_of(public, signed_at) is not None and parties.endorsement_of(public, moment.now()) is None
    assert parties.certificates_of(town.firm) == []
    assert b"\\u4ecb" not in bytes(Act.objects.get(act="certificate.revoke").canonical)
    with pytest.raises(BadInput, match="没有这张仍然有效"):
        cert_acts.revoke(actor=town("zhao"), fingerprint=certificate.fingerprint, reason="再来")
    with pytest.raises(BadInput, match="已经绑定过"):
        bound(town, holder=holder)
    sound()


def test_only_the_own_organisations_certificates(town: Town) -> None:
    holder, certificate = bound(town)
    with pytest.raises(BadInput, match="没有这张仍然有效"):
        cert_acts.revoke(actor=town("qian"), fingerprint=certificate.fingerprint, reason="恶意")
    public = with_key(town, "qian")
    with pytest.raises(BadInput, match="没有这张有效"):
        endorsed(town, holder, certificate, public, "qian")
    with pytest.raises(BadInput, match="没有绑定到您"):
        endorsed(town, holder, certificate, public)
    assert list(cert_selectors.all_of(town("qian"))) == list(cert_selectors.all_of(town("sun"))) == []


def test_what_the_authority_revoked_is_ended_at_night(town: Town, stage: Any) -> None:
    holder, certificate = bound(town)
    _, other = bound(town)
    public = with_key(town)
    endorsed(town, holder, certificate, public)
    stage.wait(seconds=7 * 24 * 3600)
    town.root.revoke(holder, moment.now() - 2 * DAY)
    assert cert_selectors.standing_of(certificate, moment.now()).name.zh == "签发机构已吊销"
    assert cert_acts.revoke_listed(moment.now()) == 1 and cert_acts.revoke_listed(moment.now()) == 0
    certificate.refresh_from_db()
    assert certificate.revoked_at == (moment.now() - 2 * DAY).replace(microsecond=0) and parties.certificates_of(town.firm) == [other]
    assert parties.endorsement_of(public, moment.now() - DAY) is None
    assert Act.objects.get(act="certificate.revoke").role == "system"
    sound()


def test_the_end_of_a_certificate_is_called_to_mind(town: Town, stage: Any) -> None:
    bound(town, ends=moment.now() + 60 * DAY)
    begun, zhao = moment.now(), town("zhao")

    def told(days: int) -> list[str]:
        return [each.zh for each in cert_selectors.running_out(zhao, begun + days * DAY)]

    assert told(29) == [] and "请及时换发" in told(31)[0] and "还有 5 天" in told(55)[0] and "马上换发" in told(55)[0]
    assert "已于" in told(61)[0] and told(120) == [] and cert_selectors.running_out(town("qian"), begun + 55 * DAY) == []
    stage.to(begun + 31 * DAY)
    bound(town, ends=begun + 400 * DAY)
    assert told(55) == []


def test_as_second_factor_after_the_password(town: Town) -> None:
    holder, certificate = bound(town)
    zhao = town("zhao")
    assert not factors.factors_of(zhao.person).any

    def signed(purpose: str = cert_statements.SIGN_IN) -> tuple[dict[str, Any], bytes]:
        statement = cert_statements.make(purpose, zhao.person)
        return statement, base64.b64decode(holder.sign(cert_statements.message(statement)))

    with pytest.raises(BadInput, match="不是发给您"):
        cert_factor.switch_on(zhao, certificate.fingerprint, *signed(cert_statements.BIND))
    cert_factor.switch_on(zhao, certificate.fingerprint, *signed())
    assert factors.factors_of(zhao.person).certificate and factors.factors_of(zhao.person).any
    once = signed()
    cert_factor.prove(zhao.person, *once)
    with pytest.raises(BadInput, match="不是发给您"):  # replayed
        cert_factor.prove(zhao.person, *once)
    cert_acts.revoke(actor=zhao, fingerprint=certificate.fingerprint, reason="介质遗失")
    with pytest.raises(BadInput, match="没有这张有效"):
        cert_factor.prove(zhao.person, *signed())
    assert factors.factors_of(zhao.person).any, "an ended certificate must not leave the password alone"
    for _ in range(4):
        with pytest.raises(BadInput):
            cert_factor.prove(zhao.person, *signed())
    with pytest.raises(BadInput, match="尝试次数过多"):
        cert_factor.prove(zhao.person, *signed())
    assert cert_factor.switch_off(zhao.person) and not factors.factors_of(zhao.person).any


def test_the_audit_finds_what_was_altered(town: Town) -> None:
    holder, certificate = bound(town)
    endorsed(town, holder, certificate, with_key(town))
    Certificate.objects.update(not_after=certificate.not_after + timedelta(days=1))
    assert len(list(audit.everywhere())) == 1
    Certificate.objects.update(not_after=certificate.not_after)
    Endorsement.objects.all().delete()
    assert len(list(audit.everywhere())) == 1


def test_whoever_looks_at_a_signature_sees_what_it_rests_on(town: Town, stage: Any) -> None:
    holder, certificate = bound(town, ends=moment.now() + 40 * DAY)
    public = with_key(town)
    assert parties.rests_on({"public": public, "signature": ""}, moment.now()) is None
    endorsed(town, holder, certificate, public)
    signed_at = moment.now()
    stage.to(signed_at + 60 * DAY)
    told = parties.rests_on({"public": public, "signature": ""}, signed_at)
    assert told is not None and told.zh == f"机构证书有效期至 {certificate.not_after.astimezone(moment.LOCAL):%Y-%m-%d}"
    assert parties.rests_on(None, signed_at) is None and parties.rests_on({"public": public}, None) is None


def test_production_takes_no_certificate_of_the_sandbox(town: Town, settings: Any) -> None:
    key, certificate, above = pkcs12.load_key_and_certificates(
        cert_sandbox.issue(town.firm.uscc, town.firm.name, moment.now()), cert_sandbox.PASSPHRASE
    )
    assert certificate is not None
    holder = Holder(certificate, key, tuple(above))
    settings.PRODUCTION = True
    with pytest.raises(BadInput, match="演示用的证书"):
        bound(town, holder=holder)
    settings.PRODUCTION = False
    assert bound(town, holder=holder)[1].sandbox
