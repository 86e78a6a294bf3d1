"""Statements that wait for a certificate's signature: kept in the session, downloaded as a file, signed outside the browser."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from yiwang.desks.access import actor_of
from yiwang.desks.account import entering
from yiwang.desks.fields import UploadField
from yiwang.kernel.errors import BadInput, NotVisible, bad
from yiwang.kernel.text import Text
from yiwang.modules.parties import cert_read, cert_statements
from yiwang.modules.parties import selectors as parties
from yiwang.ui.forms import UiForm

KEPT = "certificate_statements"
"""Key in a session's data: the statement of each purpose."""


class SignatureForm(UiForm, forms.Form):
    """The signature over the statement."""

    signature = UploadField(
        label=Text("签名文件", "Signature"),
        help_text=Text("yiwang sign certificate 生成的 signature.json，或 openssl 生成的签名",
                       "signature.json of yiwang sign certificate, or the signature that openssl made"),
    )  # fmt: skip


class BindForm(SignatureForm):
    """The signature, with the certificates when the file does not hold them."""

    chain = UploadField(
        label=Text("证书文件", "Certificates"), required=False,
        help_text=Text("签名文件是 signature.json 时不必上传；否则上传机构证书及其上级证书（PEM、DER、P7B）",
                       "not needed with signature.json; otherwise your certificate and those above it (PEM, DER, P7B)"),
    )  # fmt: skip


def asked(request: HttpRequest, purpose: str, person: Any, key: str = "") -> dict[str, Any]:
    """The statement of this session for a purpose; a new one when there is none that still holds."""
    kept: dict[str, Any] = request.session.setdefault(KEPT, {})
    try:
        cert_statements.check(kept.get(purpose, {}), purpose, person, key=key)
    except BadInput:
        kept[purpose] = cert_statements.make(purpose, person, key=key)
        request.session.modified = True
    statement: dict[str, Any] = kept[purpose]
    return statement


def kept(request: HttpRequest, purpose: str) -> dict[str, Any]:
    """The statement that was downloaded. BadInput when there is none any more."""
    found: dict[str, Any] | None = request.session.get(KEPT, {}).get(purpose)
    if found is None:
        raise bad("signature", "没有等待签名的声明", "no statement waits for a signature", code="certificate.statement",
                  passes=Text("重新下载声明，再签一次", "download the statement anew and sign that"))  # fmt: skip
    return found


def forget(request: HttpRequest, purpose: str) -> None:
    """The statement has done its work."""
    if request.session.get(KEPT, {}).pop(purpose, None):
        request.session.modified = True


def answer_in(request: HttpRequest) -> cert_read.Answer:
    """What was uploaded as signature. BadInput when it is none."""
    file = request.FILES.get("signature")
    content = file.read(cert_read.MOST_BYTES + 1) if file is not None else b""
    return cert_read.read_answer(content)


def download(request: HttpRequest, purpose: str) -> HttpResponse:
    """The bytes to sign, as a file. Not visible when no page has asked for them."""
    person = actor_of(request).person or parties.person_by_id(entering.half_signed_in(request))
    statement = request.session.get(KEPT, {}).get(purpose)
    if person is None or statement is None:
        raise NotVisible
    response = HttpResponse(cert_statements.message(statement), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{purpose}.txt"'
    response["Cache-Control"] = "no-store"
    return response
