"""The rehearsal: opened at once with published keys, nothing kept, not for large files, not too often."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from yiwang.desks.public import rehearsal, rehearsal_keys
from yiwang.modules.evidence.models import Act
from yiwang.seal import envelope
from yiwang.seal.manifest import Context
from yiwang.seal.payload import SealFile
from yiwang.seal.signing import new_signing_key

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    cache.clear()


def sealed(context: Context = rehearsal_keys.CONTEXT) -> tuple[bytes, envelope.Sealed]:
    out = io.BytesIO()
    bid = envelope.Bid(context, rehearsal_keys.TENDERER, 123_45, {"days": "180"})
    made = envelope.seal(bid, [SealFile("a.txt", "text/plain", b"letter")], rehearsal_keys.CUSTODIANS, new_signing_key(), out)
    return out.getvalue(), made


def post(content: bytes, **headers: str) -> Any:
    return Client().post("/rehearsal/open", content, content_type="application/octet-stream", headers=headers)


def test_it_is_opened_at_once_and_nothing_is_kept(settings: Any, tmp_path: Path) -> None:
    settings.FILES_FOLDER = tmp_path / "files"
    content, made = sealed()
    before = Act.objects.count()
    answer = post(content, **{"X-Manifest-SHA256": made.manifest_sha256})
    said = answer.json()
    assert answer.status_code == 200 and said["signature_ok"] and said["manifest_as_said"]
    assert (said["envelope_sha256"], said["manifest_sha256"]) == (made.sha256, made.manifest_sha256)
    assert said["manifest"]["price"] == 123_45 and len(said["commitment"]) == 64
    assert Act.objects.count() == before and not list(tmp_path.rglob("*"))


def test_page_publishes_the_keys() -> None:
    page = Client().get("/rehearsal/").content.decode()
    assert all(identity in page for identity in rehearsal_keys.IDENTITIES.values())


@pytest.mark.parametrize(("content", "words"), [(b"%PDF-1.7", "不是"), (sealed(Context("YW-1", "1"))[0], "项目应为 REHEARSAL"), (b"", "不是")])
def test_what_is_no_rehearsal_envelope_is_refused(content: bytes, words: str) -> None:
    answer = post(content)
    assert answer.status_code == 422 and words in json.dumps(answer.json(), ensure_ascii=False)


def test_too_large_and_too_often(monkeypatch: pytest.MonkeyPatch) -> None:
    content, _ = sealed()
    monkeypatch.setattr(rehearsal, "MOST", len(content) - 1)
    assert post(content).status_code == 422
    monkeypatch.setattr(rehearsal, "MOST", len(content))
    for _ in range(rehearsal.A_MINUTE - 1):
        assert post(content).status_code == 200
    late = post(content)
    assert late.status_code == 429 and "再试" in json.dumps(late.json(), ensure_ascii=False)
    assert Client().get("/rehearsal/open").status_code == 405
