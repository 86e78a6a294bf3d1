"""The pages of certificates, invitations and resets, as somebody uses them without JavaScript."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.desks.conftest import text_of
from tests.parties.authority import DAY, Holder
from tests.parties.conftest import Town
from tests.parties.test_certificates import bound, with_key
from tests.parties.test_resets import agreed
from tests.site.html import CJK
from tests.site.html import Page as Html
from yiwang.kernel import moment
from yiwang.modules.parties import account_events, factors, reset_acts
from yiwang.modules.parties import selectors as parties
from yiwang.modules.parties.models import Certificate, Endorsement, FactorReset, SigningKey

PASSWORD = "correct horse 9"


def signed_in(town: Town, username: str) -> Client:
    client = Client()
    client.force_login(town(username).person)
    return client


def statement(client: Client, purpose: str = "certificate-bind") -> bytes:
    found = client.get(f"/account/certificates/statement/{purpose}/")
    assert found.status_code == 200 and "attachment" in found["Content-Disposition"]
    return found.content


def file_of(holder: Holder, message: bytes, *, chain: bool = True) -> SimpleUploadedFile:
    """As ``yiwang sign certificate`` writes it, or the bare signature."""
    signature = holder.sign(message)
    content = json.dumps({"chain": [holder.chain], "signature": signature}).encode() if chain else base64.b64decode(signature)
    return SimpleUploadedFile("signature", content)


def test_a_certificate_is_bound_and_ended_on_its_page(town: Town) -> None:
    zhao, holder = signed_in(town, "zhao"), town.root.issue(town.firm.uscc)
    page = text_of(zhao.get("/account/certificates/"))
    assert "还没有绑定" in page and "测试根" in page and "openssl dgst" in page
    message = statement(zhao)
    assert message.startswith(b"yiwang/certificate-bind/v1\n") and town.firm.uscc.encode() in message
    wrong = zhao.post("/account/certificates/", {"signature": file_of(holder, message + b" ")})
    assert wrong.status_code == 422 and "签名与声明或证书不符" in text_of(wrong) and statement(zhao) == message
    assert "请选择签名文件" in text_of(zhao.post("/account/certificates/", {}))
    assert "不是签名文件" in text_of(zhao.post("/account/certificates/", {"signature": SimpleUploadedFile("x", b"{}")}))
    assert zhao.post("/account/certificates/", {"signature": file_of(holder, message)}).status_code == 302
    made = Certificate.objects.get()
    page = text_of(zhao.get("/account/certificates/"))
    assert made.serial in page and "没有“测试根”的吊销列表" in page and statement(zhao) != message
    assert zhao.post("/account/certificates/", {"revoke": made.fingerprint}).status_code == 422
    assert zhao.post("/account/certificates/", {"revoke": made.fingerprint, "reason": "已换发"}).status_code == 302
    assert "已换发" in text_of(zhao.get("/account/certificates/"))


def test_openssl_alone_will_do(town: Town) -> None:
    zhao, holder = signed_in(town, "zhao"), town.root.issue(town.firm.uscc, kind="rsa")
    zhao.get("/account/certificates/")
    signature = file_of(holder, statement(zhao), chain=False)
    assert "证书" in text_of(zhao.post("/account/certificates/", {"signature": signature})) and not Certificate.objects.exists()
    signature.seek(0)
    chain = SimpleUploadedFile("chain.pem", holder.chain.encode())
    assert zhao.post("/account/certificates/", {"signature": signature, "chain": chain}).status_code == 302
    assert Certificate.objects.get().key == "RSA 2048"


def test_who_sees_the_page(town: Town) -> None:
    town.member("li", "handler")
    bound(town)
    page = text_of(signed_in(town, "li").get("/account/certificates/"))
    assert "单位管理员或授权签字人可以" in page and 'name="revoke"' not in page
    for username in ("sun", "zhong"):
        assert signed_in(town, username).get("/account/certificates/").status_code == 404
    assert Client().get("/account/certificates/").status_code == 302
    other = signed_in(town, "qian")
    assert other.get("/account/certificates/statement/certificate-bind/").status_code == 404
    assert Client().get("/login/statement/").status_code == 404


def test_a_key_is_endorsed_on_its_page(town: Town) -> None:
    zhao = signed_in(town, "zhao")
    with_key(town)
    key = SigningKey.objects.get()
    assert zhao.get(f"/account/certificates/endorse/{key.pk}/").status_code == 404  # nothing to endorse it with
    holder, made = bound(town)
    assert f"/account/certificates/endorse/{key.pk}/" in text_of(zhao.get("/keys/"))
    zhao.get(f"/account/certificates/endorse/{key.pk}/")
    message = statement(zhao, "certificate-endorse")
    assert key.public.encode() in message
    sent = {"signature": file_of(holder, message, chain=False), "certificate": made.fingerprint}
    assert zhao.post(f"/account/certificates/endorse/{key.pk}/", sent)["Location"] == "/keys/"
    assert Endorsement.objects.get().key == key and "由机构证书背书" in text_of(zhao.get("/keys/"))
    assert signed_in(town, "qian").get(f"/account/certificates/endorse/{key.pk}/").status_code == 404


def test_signing_in_with_the_certificate_as_second_factor(town: Town) -> None:
    holder, _ = bound(town)
    zhao = signed_in(town, "zhao")
    assert "启用机构证书" in text_of(zhao.get("/account/"))
    zhao.get("/account/certificates/factor/")
    sent = {"signature": file_of(holder, statement(zhao, "certificate-sign-in"))}
    codes = zhao.post("/account/certificates/factor/", sent)
    assert codes.status_code == 200 and text_of(codes).count("<li><code>") == factors.CODES
    newcomer = Client()
    step = newcomer.post("/login/", {"username": "zhao", "password": PASSWORD})
    assert step["Location"].startswith("/login/second/")
    assert "使用机构证书" in text_of(newcomer.get(step["Location"]))
    message = newcomer.get("/login/statement/").content
    wrong = newcomer.post(step["Location"], {"by_certificate": "1", "signature": file_of(town.root.issue(town.firm.uscc), message)})
    assert wrong.status_code == 422 and "签名与声明或证书不符" in text_of(wrong)
    assert newcomer.get("/desk/").status_code == 302
    right = newcomer.post(step["Location"], {"by_certificate": "1", "signature": file_of(holder, message, chain=False)})
    assert right["Location"] == "/desk/" and newcomer.get("/desk/").status_code == 200
    how = list(account_events.events_of(town("zhao")).values_list("what", "how", "ok"))[:2]
    assert how == [("sign_in", "certificate", True), ("sign_in", "certificate", False)]
    again = Client()
    again.post("/login/", {"username": "zhao", "password": PASSWORD})
    again.get("/login/second/")
    replayed = again.post("/login/second/", {"by_certificate": "1", "signature": file_of(holder, message, chain=False)})
    assert replayed.status_code == 422
    assert zhao.post("/account/factors/remove/", {"which": "certificate"}).status_code == 302
    assert not factors.factors_of(town("zhao").person).any and factors.factors_of(town("zhao").person).codes == 0


def test_an_important_act_is_confirmed_with_the_certificate(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    from yiwang.modules.parties import cert_factor, cert_statements

    holder, made = bound(town)
    zhao, actor = signed_in(town, "zhao"), town("zhao")
    asked = cert_statements.make("certificate-sign-in", actor.person)
    cert_factor.switch_on(actor, made.fingerprint, asked, base64.b64decode(holder.sign(cert_statements.message(asked))))
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 3600)
    data = {"name": "李", "username": "li", "parts": ["handler"]}
    page = zhao.post("/account/members/", data)
    assert page.status_code == 403 and "使用机构证书" in text_of(page)
    message = statement(zhao, "certificate-sign-in")
    sent = {**data, "confirming": "1", "by_certificate": "1", "signature": file_of(holder, message, chain=False)}
    assert zhao.post("/account/members/", sent).status_code == 200 and parties.person_named("li") is not None


def test_the_end_of_a_certificate_stands_on_the_front_of_the_desk(town: Town, stage: Any) -> None:
    bound(town, ends=moment.now() + 20 * DAY)
    assert "机构证书还有 20 天到期" in text_of(signed_in(town, "zhao").get("/desk/"))
    assert "天到期" not in text_of(signed_in(town, "qian").get("/desk/"))


def test_inviting_joining_and_leaving_on_pages(town: Town) -> None:
    zhao, sun = signed_in(town, "zhao"), signed_in(town, "sun")
    assert zhao.post("/account/members/", {"invite": "sun", "invited_parts": ["handler"]}).status_code == 302
    assert "撤回邀请" in text_of(zhao.get("/account/members/"))
    assert zhao.post("/account/members/", {"invite": "zhao", "invited_parts": ["handler"]}).status_code == 422
    assert zhao.post("/account/members/", {"invite": "", "invited_parts": []}).status_code == 422
    assert "邀请您加入" in text_of(sun.get("/desk/"))
    assert "海天建设有限公司" in text_of(sun.get("/account/organisation/"))
    assert sun.post("/account/organisation/", {"join": town.other.uscc}).status_code == 422
    assert sun.post("/account/organisation/", {"join": town.firm.uscc}).status_code == 302
    assert "经办人" in text_of(sun.get("/account/organisation/")) and "海天建设有限公司" in text_of(sun.get("/desk/"))
    assert sun.post("/account/organisation/", {"leave": "1"}).status_code == 302
    assert town("sun").organisation is None and sun.get("/desk/").status_code == 200
    zhao.post("/account/members/", {"invite": "sun", "invited_parts": ["handler"]})
    found = town.firm.invitations.get()
    assert signed_in(town, "qian").post("/account/organisation/", {"decline": str(found.pk)}).status_code == 404
    assert sun.post("/account/organisation/", {"decline": str(found.pk)}).status_code == 302
    assert zhao.post("/account/organisation/", {"leave": "1"}).status_code == 422


def test_a_reset_on_pages_with_the_notice_everywhere(three: Town, stage: Any) -> None:
    zhao, li, wu = (signed_in(three, each) for each in ("zhao", "li", "wu"))
    assert wu.get("/account/resets/").status_code == 404
    assert zhao.post("/account/resets/", {"username": "wu", "reason": ""}).status_code == 422
    assert zhao.post("/account/resets/", {"username": "wu", "reason": "手机遗失"}).status_code == 302
    reset = FactorReset.objects.get()
    assert "同意重设" not in text_of(zhao.get("/account/resets/")) and "同意重设" in text_of(li.get("/account/resets/"))
    assert "等待另一位同意" in text_of(li.get("/desk/")) and "等待另一位同意" not in text_of(zhao.get("/desk/"))
    assert zhao.post("/account/resets/", {"agree": str(reset.pk)}).status_code == 422
    assert "将被重设" not in text_of(wu.get("/desk/"))
    assert li.post("/account/resets/", {"agree": str(reset.pk)}).status_code == 302
    for page in ("/desk/", "/account/", "/keys/", "/desk/notifications/"):
        assert "您的登录方式将被重设" in text_of(wu.get(page)), page
    stage.wait(hours=25)
    assert reset_acts.carry_out_due(moment.now()) == 1
    link = zhao.post("/account/members/link/", {"username": "wu"})
    address = "/invitation/" + text_of(link).partition("/invitation/")[2].partition("<")[0].partition('"')[0]
    assert Client().post(address, {"password": "Binhai-2026"})["Location"] == "/keys/"
    assert Client().post("/login/", {"username": "wu", "password": "Binhai-2026"})["Location"] == "/desk/"


def test_who_has_only_the_password_left_can_object_at_the_second_step(three: Town) -> None:
    agreed(three)
    half = Client()
    step = half.post("/login/", {"username": "wu", "password": PASSWORD})["Location"]
    assert "反对重设" in text_of(half.get(step))
    assert half.get("/desk/").status_code == 302
    assert half.post("/account/resets/object/").status_code == 302
    assert FactorReset.objects.get().objected_by == three("wu").person and "反对重设" not in text_of(half.get(step))
    assert half.post("/account/resets/object/").status_code == 404 and Client().post("/account/resets/object/").status_code == 404


def test_the_center_helps_with_the_last_administrator(town: Town, stage: Any) -> None:
    zhong, zheng = signed_in(town, "zhong"), signed_in(town, "zheng")
    sent = {"username": "zhao", "reason": "手机遗失", "check": "当面核对身份证原件与授权书"}
    assert zhong.post("/account/resets/", {**sent, "check": "看过了"}).status_code == 422
    assert zhong.post("/account/resets/", sent).status_code == 302
    reset = FactorReset.objects.get()
    assert zheng.post("/account/resets/", {"agree": str(reset.pk), "check": sent["check"]}).status_code == 302
    assert zhong.post("/account/resets/", {"link": str(reset.pk)}).status_code == 404
    stage.wait(hours=25)
    reset_acts.carry_out_due(moment.now())
    assert "/invitation/" in text_of(zhong.post("/account/resets/", {"link": str(reset.pk)}))
    assert signed_in(town, "qian").post("/account/resets/", {"link": str(reset.pk)}).status_code == 404
    for wrong in ("", "x", "00000000-0000-0000-0000-000000000000"):
        assert zhong.post("/account/resets/", {"link": wrong}).status_code == 404


@pytest.mark.parametrize("path", ["/account/certificates/", "/account/organisation/", "/account/members/", "/account/resets/",
                                  "/account/certificates/factor/", "/account/", "/keys/"])  # fmt: skip
def test_in_english_no_chinese_is_left(three: Town, path: str) -> None:
    bound(three)
    with_key(three)
    agreed(three)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(three("zhao").person)
    page = client.get(path)
    html, names = Html(text_of(page)), ("先生", "海天", "机构 ", "测试根", "手机遗失")
    assert page.status_code == 200 and html.faults == []
    assert [word for word in html.words if CJK.search(word) and not any(name in word for name in names)] == []
