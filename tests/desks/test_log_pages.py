"""What people read of the log: footer, notice above the pages, witnesses, the comparison of a checkpoint, plain words."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.desks.conftest import Grow
from yiwang.demo.play import Play
from yiwang.desks.public import log_witnesses
from yiwang.kernel import moment
from yiwang.modules.evidence import programs, sequencer, witnessing
from yiwang.modules.evidence.models import Checkpoint, Witness
from yiwang.seal.program import client_hash
from yiwang.site import programs as served
from yiwang.tlog import policy as policies
from yiwang.tlog.checkpoint import open_checkpoint
from yiwang.tlog.merkle import verify_consistency
from yiwang.ui import bundles
from yiwang.witness.keys import WitnessKeys
from yiwang.witness.request import parse_request

Make = Callable[..., Play]
Log = Callable[[int], tuple[int, str]]
WITNESSES = [WitnessKeys.create(f"{name}.example/log") for name in ("finance", "notary", "neighbour")]


def policy_lines() -> str:
    """Three witnesses of two keys each, of whom two must have cosigned; nobody listens at their addresses."""
    lines = []
    for number, keys in enumerate(WITNESSES):
        name = keys.name.partition(".")[0]
        lines += [f"witness {name}-{kind} {vkey} http://127.0.0.1:{number + 1}/" for kind, vkey in enumerate(keys.vkeys())]
        lines.append(f"group {name} any {name}-0 {name}-1")
    return "\n".join([*lines, "group outside 2 finance notary neighbour", "quorum outside", ""])


@pytest.fixture
def reader(db: None, grow: Grow) -> Client:
    """A passer-by who reads Chinese; the log is the test's own."""
    cache.clear()
    return Client(headers={"accept-language": "zh-CN"})


@pytest.fixture
def witnessed(settings: Any, tmp_path: Path, grow: Grow) -> policies.Policy:
    """The center has witnesses."""
    settings.WITNESS_POLICY = tmp_path / "witness.policy"
    settings.WITNESS_POLICY.write_text(policy_lines())
    cache.clear()
    return policies.parse(policy_lines().encode())


@pytest.fixture
def log(db: None, grow: Grow) -> Callable[[int], tuple[int, str]]:
    """``log(7)``: the log has 7 entries and a signed checkpoint; gives its size and root."""

    def to(size: int) -> tuple[int, str]:
        note = grow(size)
        root = sequencer.the_log().tiles.root()
        Checkpoint.objects.create(size=size, root=root, note=note.decode(), at=moment.now())
        return size, root.hex()

    return to


def shown(reader: Client, name: str, *, status: int = 200, **query: object) -> str:
    """A public page's text as one reads it."""
    answer = reader.get(reverse(f"public:{name}"), query)
    assert answer.status_code == status
    return unescape(answer.content.decode())


def footer(page: str) -> str:
    """The foot of a page."""
    return page[page.index('<footer class="site-footer">') :]


def test_footer_has_the_checkpoint_and_its_code_in_print(log: Log, reader: Client) -> None:
    assert "检查点" not in footer(shown(reader, "home")), "nothing was published yet"
    size, root = log(7)
    foot = footer(shown(reader, "home"))
    url = f"/log/seen?size={size}&root={root}"
    assert f'<a href="{url}">{size} · {root[:16]}</a>' in foot
    assert f"http://testserver{url}" in foot and foot.count('class="qr"') == 1
    assert "见证方已联署" not in foot
    size, root = log(9)
    assert f"{size} · {root[:16]}" in footer(shown(reader, "home")), "a new checkpoint shows at once"


def test_the_frame_asks_the_database_once_for_many_pages(log: Log, reader: Client) -> None:
    log(7)
    asked = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            shown(reader, "about")
        asked.append(len(queries))
    assert asked[0] <= 3 and asked[1:] == [0, 0]


def test_printed_papers_carry_the_code(play: Make) -> None:
    played = play("awarded")
    for name in ("tender", "notice", "opening"):
        page = Client().get(reverse(f"public:{name}", args=[played.number])).content.decode()
        assert footer(page).count('class="qr"') == 1, name


def test_what_one_noted_is_found_again(log: Log, reader: Client) -> None:
    size, root = log(300)
    assert "这正是日志现在的样子" in shown(reader, "seen", size=size, root=root)
    log(700)
    page = shown(reader, "seen", size=size, root=root)
    assert "一致" in page and "又写入了 400 条" in page and "只对照了这几位" not in page
    short = shown(reader, "seen", size=f" {size} ", root=f"{root[:16].upper()}…")
    assert "没有改过、删过、插过" in short and "只对照了这几位" in short
    assert f'LOG, SIZE, ROOT = "http://testserver/log", {size}, "{root}"' in page


def test_the_proof_that_is_offered_proves_it(log: Log, reader: Client) -> None:
    size, root = log(300)
    log(700)
    answer = reader.get(reverse("public:seen_proof"), {"size": size, "root": root})
    read = parse_request(answer.content)
    signed = open_checkpoint(read.note, sequencer.the_log().keys.verifiers()).checkpoint
    verify_consistency(read.old, signed.size, bytes.fromhex(root), signed.root, read.proof)
    assert (read.old, signed.size) == (size, 700)
    assert reader.get(reverse("public:seen_proof"), {"size": size, "root": "0" * 64}).status_code == 404
    assert reader.get(reverse("public:seen_proof")).status_code == 404


def test_what_does_not_agree_says_what_to_do(log: Log, reader: Client) -> None:
    size, root = log(300)
    other = shown(reader, "seen", size=size - 1, root=root)
    assert "不一致，请保留证据" in other and "行政监督部门" in other and root in other and "一致性证明</a>" not in other
    ahead = shown(reader, "seen", size=size + 1, root=root)
    assert "还没有这么多条" in ahead and f"现在公布的是 {size} 条" in ahead


@pytest.mark.parametrize(
    ("size", "root", "fault"),
    [
        ("x", "0" * 64, "条数应当是一个正整数"),
        ("0", "0" * 64, "条数应当是一个正整数"),
        ("９", "0" * 64, "条数应当是一个正整数"),
        ("9" * 30, "0" * 64, "条数应当是一个正整数"),
        ("1", "0" * 15, "16 到 64 位十六进制"),
        ("1", "0" * 65, "16 到 64 位十六进制"),
        ("1", '"><script>alert(1)', "16 到 64 位十六进制"),
        ("", "0" * 64, "条数应当是一个正整数"),
        ("1\x00", "z" * 16, "16 到 64 位十六进制"),
    ],
)
def test_what_is_no_checkpoint_is_explained(reader: Client, size: str, root: str, fault: str) -> None:
    answer = reader.get(reverse("public:seen"), {"size": size, "root": root})
    assert answer.status_code == 200 and fault in answer.content.decode() and b"<script>alert" not in answer.content


def test_comparing_with_an_empty_log(reader: Client) -> None:
    assert "照着纸上填" in shown(reader, "seen")
    assert "本日志还是空的" in shown(reader, "seen", size=1, root="0" * 64)


def test_without_witnesses_the_page_says_so(log: Log, reader: Client) -> None:
    log(7)
    page = shown(reader, "witnesses")
    assert "还没有配置见证方" in page and "几家联署才算数" not in page and 'class="banner"' not in page


def test_witnesses_and_rule_in_words(witnessed: Any, reader: Client) -> None:
    page = shown(reader, "witnesses")
    assert "outside：3 家中至少 2 家联署" in page and "finance、notary、neighbour" in page
    assert "finance：" not in page, "two keys of one witness are no rule to tell of"
    for keys in WITNESSES:
        assert page.count(f">{keys.name}<") == 1
    assert all(str(vkey) in page for keys in WITNESSES for vkey in keys.vkeys())
    place = re.findall(r"http://127\.0\.0\.1:1/([0-9a-f]{64})/checkpoint", page)
    assert place, "the witness's own answer can be asked for"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("quorum none", ["不要求任何见证方联署。"]),
        ("quorum a", ["a 必须联署"]),
        ("group g all a b\nquorum g", ["g：2 家全部联署"]),
        ("group g any a b\ngroup h all g c\nquorum h", ["h：2 家全部联署", "g：2 家中至少 1 家联署"]),
    ],
)
def test_every_kind_of_rule_has_words(text: str, words: list[str]) -> None:
    lines = [f"witness {name} {keys.vkeys()[0]}" for name, keys in zip("abc", WITNESSES, strict=True)]
    read = policies.parse("\n".join([*lines, text, ""]).encode())
    assert [rule.words.zh for rule in log_witnesses.rules(read)] == words


def test_witnesses_that_are_away_show_above_every_page(witnessed: Any, log: Log, reader: Client) -> None:
    log(7)
    witnessing.collect_once(timeout=1.0)
    cache.clear()
    notice = witnessing.notice()
    assert notice is not None
    for name in ("home", "about", "log", "seen", "witnesses"):
        page = shown(reader, name)
        assert page.count('class="banner"') == 1 and str(notice) in page and reverse("public:witnesses") in page
    assert "联系不上" in shown(reader, "witnesses")
    assert "联署的见证方还不够数" in footer(shown(reader, "home"))


def test_a_policy_that_cannot_be_read_shows_above_every_page(witnessed: Any, settings: Any, reader: Client) -> None:
    settings.WITNESS_POLICY.write_text("quorum nobody\n")
    assert 'class="banner"' in shown(reader, "home") and "几家联署才算数" not in shown(reader, "witnesses")


def test_plain_words_lead_on(reader: Client) -> None:
    page = shown(reader, "about")
    for name in ("witnesses", "seen", "check", "log"):
        assert f'href="{reverse(f"public:{name}")}"' in page
    assert 'aria-labelledby="picture-title picture-about"' in page
    for name in ("home", "log", "help", "check"):
        assert f'href="{reverse("public:about")}"' in shown(reader, name)


@pytest.mark.parametrize("name", ["about", "witnesses", "seen"])
def test_pages_of_the_log_in_english(reader: Client, name: str) -> None:
    page = shown(reader, name, lang="en")
    assert 'lang="en"' in page and page.count("<h1>") == 1
    body = re.sub(r'lang="zh-Hans">[^<]*<', "", page[page.index("<main") : page.index("</main>")])
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"<[^>]*>", "", body)) or name == "witnesses"


def test_the_sealing_programs_are_listed_with_what_is_served(play: Any, client: Any) -> None:
    play("draft")
    assert "还没有公布" in client.get("/log/programs").content.decode()
    assert programs.publish("0.1.0", {**served.now(), "old.js": "0" * 64})
    sequencer.sequence_all()
    page = client.get("/log/programs").content.decode()
    assert client_hash()[:8] in page and "与日志不一致" in page  # old.js is on the log and not served
    index = programs.published()[0].index
    assert f"/evidence/{index}/" in page
    assert "client.publish" in client.get(f"/evidence/{index}/").content.decode()
    assert programs.publish("0.1.0", {"yiwang.seal": "0" * 64})
    page = client.get("/log/programs").content.decode()
    assert "与日志不一致" in page and ("正在提供、但日志里没有" in page) == bool(bundles.names())


@pytest.mark.skipif(not bundles.names(), reason="the front end is not built (make setup)")
def test_the_browser_runs_only_the_bundle_that_the_page_names(stage: Any, client: Any) -> None:
    page = client.get("/check/").content.decode()
    expected = base64.b64encode(hashlib.sha384(bundles.path_of("check-page.js").read_bytes()).digest()).decode()
    assert f'integrity="sha384-{expected}"' in page


def test_the_difference_of_each_witness_s_clock_is_public(play: Make, client: Client, settings: Any, tmp_path: Path) -> None:
    play("draft")
    assert "没有见证人的时钟可以比对" in client.get("/log/witnesses").content.decode()
    settings.WITNESS_POLICY = tmp_path / "witness.policy"
    settings.WITNESS_POLICY.write_text(policy_lines())
    now = datetime.now(UTC)
    for number, keys in enumerate(WITNESSES):
        by = 3600.0 if number < 2 else 0.0
        Witness.objects.create(name=keys.name, state="cosigned", since=now, asked=now, measured=now, least=by - 0.5, most=by + 0.5)
    cache.clear()
    page = client.get("/log/witnesses").content.decode()
    assert "+3600.0 秒（±0.5）" in page and "本中心的时钟与见证人不一致" in page
    assert "投标照常接收" in client.get("/").content.decode()  # the notice above every page
    Witness.objects.filter(name=WITNESSES[1].name).update(least=-0.5, most=0.5)
    cache.clear()
    page = client.get("/log/witnesses").content.decode()
    assert "不一致" not in page and "相差不超过 2 秒" in page
