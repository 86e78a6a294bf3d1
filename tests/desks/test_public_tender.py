"""What everybody sees of a tender at each moment of its life: exactly what is public then, and nothing else."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from yiwang.demo.play import Play
from yiwang.demo.stage import Stage
from yiwang.desks.public.check_words import draw_command
from yiwang.desks.public.disclosed import of_tender, public_part
from yiwang.kernel import moment
from yiwang.modules.bids import selectors as bids
from yiwang.modules.evidence import files, sequencer
from yiwang.modules.remedies import acts as remedies
from yiwang.modules.tenders import acts as tenders
from yiwang.verifier.run import verify

FIRMS = [("海天建设有限公司", 83_400_00), ("宏远市政工程有限公司", 79_900_00), ("临江路桥有限公司", 91_250_00)]
Make = Callable[..., Play]
FOOTER = re.compile(r'<footer class="site-footer">.*?</footer>', re.S)


@pytest.fixture
def reader() -> Client:
    """A passer-by who reads Chinese."""
    return Client(headers={"accept-language": "zh-CN"})


def page(reader: Client, name: str, *args: object, status: int = 200) -> str:
    """The HTML of a public page."""
    answer = reader.get(reverse(f"public:{name}", args=args))
    assert answer.status_code == status
    return "" if status != 200 else answer.content.decode()


def test_a_draft_does_not_exist_for_the_public(play: Make, reader: Client) -> None:
    drafted = play()
    drafted.enter()
    sequencer.sequence_all()
    for name in ("tender", "chain", "dossier", "opening", "notice"):
        page(reader, name, drafted.number, status=404)
    assert drafted.number not in page(reader, "home") + page(reader, "tenders")


def test_no_bid_leaves_a_trace_before_the_opening(play: Make, reader: Client) -> None:
    open_ = play("tendering", bids=[])

    def everything() -> list[bytes]:
        names: list[tuple[str, list[Any]]] = [("home", []), ("tenders", []), ("results", []), ("log", []), ("tour", [])]
        names += [(name, [open_.number]) for name in ("tender", "chain", "dossier")]
        shown = []
        for name, args in names:
            answer = reader.get(reverse(f"public:{name}", args=args))
            assert answer.status_code == 200
            body = b"".join(answer) if answer.streaming else answer.content
            shown.append(re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"', b"", body))
        return shown

    before = everything()
    for firm, price in [*FIRMS, ("丁工程有限公司", 88_000_00), ("戊工程有限公司", 70_000_00)]:
        open_.submit(firm, price)
    assert everything() == before

    # Once they are in the log only its size shows that something, somewhere, was done.
    sequencer.sequence_all()
    after = FOOTER.sub("", page(reader, "tender", open_.number))
    grown = re.compile(r"依据公开日志前 \d+ 条")
    assert grown.sub("", after) == grown.sub("", FOOTER.sub("", before[5].decode()))
    assert not any(word in after for word, _ in FIRMS)


def test_blind_entries_all_look_alike(play: Make, reader: Client) -> None:
    open_ = play("tendering", bids=[])
    open_.submit("海天建设有限公司", 83_400_00)
    sequencer.sequence_all()

    def neutral(index: int) -> str:
        text = page(reader, "evidence", index)
        text = re.sub(r"[0-9a-f]{64}", "HASH", FOOTER.sub("", text))
        return re.sub(rf"(第 |evidence/){index}\b", "N", re.sub(r"共 \d+ 条时", "", text))

    index = bids.own(open_.cast.tenderer("海天建设有限公司").actor, open_.tender)[0].act.log_entry.index
    assert neutral(index) == neutral(0)
    page(reader, "content", index, status=404)
    assert "尚未公开" in page(reader, "evidence", index)
    page(reader, "evidence", 10_000, status=404)


def test_open_for_bids(play: Make, reader: Client, stage: Stage) -> None:
    open_ = play("tendering", bids=[])
    asked = tenders.ask(actor=open_.cast.tenderer("海天建设有限公司").actor, tender=open_.number, question="清单第 3 项含运费吗？")
    unasked = page(reader, "tender", open_.number)
    assert "清单第 3 项" not in unasked
    tenders.clarify(actor=open_.host.actor, tender=open_.number, answer="含。", clarification=asked.pk, affects_bids=False)
    shown = page(reader, "tender", open_.number)
    assert "正在招标" in shown and "清单第 3 项含运费吗？" in shown and "海天建设" not in shown
    assert "滨海市公证处" in shown and "己保管1" not in shown
    assert "开标一览表" not in shown and "排名是这样算出来的" not in shown
    for name in ("opening", "notice"):
        page(reader, name, open_.number, status=404)


def test_documents_download_without_sign_in(play: Make, reader: Client) -> None:
    open_ = play("tendering", document="招标文件正文\n".encode())
    document = open_.tender.documents.get()
    url = reverse("public:document", args=[open_.number, document.sha256])
    assert url in page(reader, "tender", open_.number)
    answer = reader.get(url)
    body = b"".join(answer.streaming_content)
    assert body.decode() == "招标文件正文\n" and hashlib.sha256(body).hexdigest() == document.sha256
    assert answer["Content-Disposition"].startswith("attachment") and "sessionid" not in answer.cookies
    page(reader, "document", open_.number, "0" * 64, status=404)
    files.path_of(document.sha256).unlink()
    page(reader, "document", open_.number, document.sha256, status=404)


def test_after_the_opening_prices_but_no_committee(play: Make, reader: Client) -> None:
    played = play("evaluating")
    shown = page(reader, "tender", played.number)
    assert all(firm in shown for firm, _ in FIRMS) and "83,400.00" in shown
    assert "评委名单在中标结果确定前依法保密" in shown
    assert not any(seat.expert.person.name in shown for seat in played.tender.draw.seats.all())
    assert played.tender.draw.seed not in shown and played.tender.draw.shares["host"]["share"] not in shown
    assert "排名是这样算出来的" not in shown
    record = page(reader, "opening", played.number)
    assert played.tender.opening.record_sha256 in record and "<svg" in record
    page(reader, "notice", played.number, status=404)


def test_publicity_shows_the_arithmetic_and_only_the_answers_to_objections(play: Make, reader: Client) -> None:
    played = play("publicity")
    shown = page(reader, "tender", played.number)
    assert "第一中标候选人：宏远市政工程有限公司" in shown and "怎样提出异议" in shown and "公示期满" in shown
    assert "投标报价 79,900.00" in shown and "中标通知书</a>" not in shown
    objector = played.cast.tenderer("临江路桥有限公司")
    raised = remedies.raise_objection(actor=objector.actor, tender=played.number, text="业绩不符，暗号 xyzzy")
    assert "xyzzy" not in page(reader, "tender", played.number)
    remedies.answer(actor=played.host.actor, tender=played.number, objection=raised.pk, text="经核实，业绩齐全。")
    answered = page(reader, "tender", played.number)
    assert "经核实，业绩齐全。" in answered and "异议不成立" in answered and "xyzzy" not in answered


def test_awarded_to_archived(play: Make, reader: Client, tmp_path: Path) -> None:
    played = play("awarded")
    shown = page(reader, "tender", played.number)
    assert "宏远市政工程有限公司 以" in shown and "中标" in shown and "合同价" not in shown
    names = [seat.expert.person.name for seat in played.tender.draw.seats.filter(left_at=None)]
    assert len(names) == 5 and all(name in shown for name in names)
    assert "| sha256sum" in shown and played.tender.draw.seed[:12] in shown
    notice = page(reader, "notice", played.number)
    assert "宏远市政工程有限公司" in notice and "79,900.00" in notice and "<svg" in notice

    played.until("archived")
    sequencer.sequence_all()
    assert "合同价" in page(reader, "tender", played.number)
    dossier = b"".join(reader.get(reverse("public:dossier", args=[played.number])).streaming_content)
    (tmp_path / "dossier.zip").write_bytes(dossier)
    assert verify(tmp_path / "dossier.zip").ok


def test_draw_command_gives_the_seed(play: Make, reader: Client) -> None:
    played = play("awarded")
    command = draw_command(played.tender.draw, public_part(of_tender(played.number), "draw.seat"))
    content = re.fullmatch(r"printf 'draw/v1\\n%s' '(.*)' \| sha256sum", command)
    assert content is not None
    assert hashlib.sha256(b"draw/v1\n" + content[1].encode()).hexdigest() == played.tender.draw.seed


def test_entry_is_recomputed_from_what_its_page_gives(play: Make, reader: Client) -> None:
    played = play("tendering")
    act = played.tender.acts.select_related("log_entry").get(act="tender.publish")
    index = act.log_entry.index
    shown = page(reader, "evidence", index)
    content = reader.get(reverse("public:content", args=[index])).content
    salt = re.search(r"data-copy-source>([0-9a-f]{64})<", shown)
    assert salt is not None
    entry = hashlib.sha256(bytes.fromhex(salt[1]) + content).hexdigest()
    assert entry in shown and entry == bytes(act.entry)[:32].hex()
    proof = reader.get(reverse("public:proof", args=[index])).content
    assert proof.startswith(b"c2sp.org/tlog-proof@v1\nindex " + str(index).encode())
    chain = page(reader, "chain", played.number)
    assert "发布招标公告" in chain and "依法尚未公开的行为" in chain


def test_too_few_bids(play: Make, reader: Client) -> None:
    failed = play("closed", bids=FIRMS[:2])
    shown = page(reader, "tender", failed.number)
    assert "招标失败，没有中标人" in shown and "少于法定的 3 份" in shown and "应当重新招标" in shown
    assert not any(firm in shown for firm, _ in FIRMS) and "开标一览表" not in shown


def test_all_rejected(play: Make, reader: Client) -> None:
    failed = play("publicity", minimum=95_000_00)
    shown = page(reader, "tender", failed.number)
    assert "评标委员会否决了全部投标" in shown and shown.count("不予通过：") == 3


def test_terminated(play: Make, reader: Client) -> None:
    ended = play("tendering")
    tenders.terminate(actor=ended.cast.buyer.actor, tender=ended.number, reason="用地规划调整")
    sequencer.sequence_all()
    shown = page(reader, "tender", ended.number)
    assert "招标人终止了招标" in shown and "用地规划调整" in shown and "退还" in shown
    assert not any(firm in shown for firm, _ in FIRMS)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_whole_page_in_either_language(play: Make, language: str) -> None:
    played = play("publicity")
    shown = Client().get(reverse("public:tender", args=[played.number]), {"lang": language}).content.decode()
    assert ("How the ranking came about" in shown) is (language == "en")
    assert ("排名是这样算出来的" in shown) is (language == "zh")


def test_time_on_the_page_is_the_citys(play: Make, reader: Client, stage: Stage) -> None:
    open_ = play("tendering", bids=[])
    stage.to(open_.tender.deadline)
    assert moment.now() == open_.tender.deadline
    assert "等待开标" in page(reader, "tender", open_.number)


def test_dossier_is_the_same_twice(play: Make, reader: Client) -> None:
    open_ = play("tendering")
    url = reverse("public:dossier", args=[open_.number])
    first, second = (io.BytesIO(b"".join(reader.get(url).streaming_content)) for _ in range(2))
    assert first.getvalue() == second.getvalue()


def test_timeline_says_which_acts_can_be_read(play: Make, reader: Client) -> None:
    shown = page(reader, "tender", play("tendering").number)
    entered, published = shown.index('step-name">进场登记'), shown.index('step-name">发布招标公告')
    assert "内容依法尚未公开" in shown[entered:published]
    assert "内容可核对" in shown[published : shown.index('step-name">投标截止')]
