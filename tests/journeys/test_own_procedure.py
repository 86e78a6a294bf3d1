"""A procedure is added by files alone: it is offered, governs, is told on its page, and its dossier verifies by itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.journeys.rounds import in_browser
from yiwang.cli.law_files import checked
from yiwang.demo.play import Play
from yiwang.kernel import canonical, lawfile, procedure_lock
from yiwang.kernel.errors import BadInput, Refused
from yiwang.kernel.formula_book import template
from yiwang.kernel.moment import from_stamp
from yiwang.modules.evidence import dossier, sequencer
from yiwang.verifier import archive
from yiwang.verifier.run import verify

VILLAGE = """\
# Small works of a village (村级小型工程): as open tendering, but the village assembly decides, the notice has its own name, the
# candidates are publicised for five days by a rule of the village's own, and a formula of the village's own may be used.
id: village_works
version: 1
base: open_tender_works
name: {zh: 村级小型工程招标, en: Small works of a village}
summary:
  zh: 村民委员会作为招标人的小型工程，村民会议定标。
  en: Small works whose buyer is a village committee; the village assembly decides the award.
articles: [招标投标法 第10条, 村民委员会组织法 第24条]
since: 2026-01-01
bids: {least: 4, rule: NL-04, article: 本村招标办法 第6条}
formulas:
- {id: village_lowest_price}
- {id: lowest_price_within_bounds}
replace:
  notice: {name: {zh: 张榜并发布招标公告, en: Post and publish the notice}}
  award: {name: {zh: 村民会议定标, en: The village assembly decides}, articles: [村民委员会组织法 第24条]}
  publicity_end: {clock: [GC-13, VW-01]}
without: [hall_question, hall_answer]
insert:
- after: award_notice
  steps:
  - key: assembly_record
    name: {zh: 公开村民会议记录, en: Publish the assembly's record}
    actors: [buyer]
    states: [awarded]
    kind: side
    document: {code: assembly_record, zh: 村民会议记录, en: record of the assembly}
    public: award
    articles: [村民委员会组织法 第30条]
"""
CLOCK = """\
version: 1
laws:
  VILLAGE: {zh: 本村招标办法, en: Rules of the village, doc: 村民会议2025年决议}
rules:
- {id: VW-01, trade: construction, methods: [open_tender], actor: buyer,
   from: candidate_publicity.start, to: candidate_publicity.end, bound: min, amount: 5, unit: natural_day, direction: after,
   law: VILLAGE, article: "7", kind: hard, source: verified, full_days: true}
- {id: VW-02, trade: construction, methods: [open_tender], actor: buyer,
   from: candidate_publicity.start, to: candidate_publicity.end, bound: min, amount: 4, unit: natural_day, direction: after,
   law: VILLAGE, article: "8", kind: hard, source: verified}
"""
FORMULA = """\
id: village_lowest_price
version: 1
name: {zh: 本村最低价法, en: Lowest price of the village}
says: {zh: 限价内最低价者中标；报价相同的抽签。, en: The lowest price within the bounds wins; lots are drawn among equals.}
articles: [本村招标办法 第9条]
source: verified
formula: {id: village_lowest_price, version: 1, rank_by: price, price: {ceiling: null, minimum: null}, ties: [lower_price, reported]}
settings:
- {path: price.ceiling, kind: money, required: false, zh: 最高限价, en: ceiling price}
- {path: price.minimum, kind: money, required: false, zh: 最低限价, en: minimum price}
examples:
- name: {zh: 最低价中标, en: The lowest wins}
  bids: [{bid: A, price: 880000000}, {bid: B, price: 905000000}]
  expect: {winner: A, order: [A, B]}
"""
FILES = {"procedures/village_works.yaml": VILLAGE, "clock.yaml": CLOCK, "formulas/village_lowest_price.yaml": FORMULA}


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Path]:
    """The center's own folder of law: a procedure, two periods, a formula."""
    folder = tmp_path / "law"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    lawfile.use_folder(folder)
    yield folder
    lawfile.use_folder(None)


def test_the_files_are_checked_by_line_and_locked(village: Path) -> None:
    lawfile.use_folder(None)  # checked where they lie, before they are in use
    assert [checked(village / name) for name in FILES] == [{"ok": True, "faults": []}] * 3
    wrong = {
        "procedures/village_works.yaml": ("VW-01]", "VW-09]", "VW-09"),
        "clock.yaml": ("id: VW-02", "id: GC-13", "GC-13"),
        "formulas/village_lowest_price.yaml": ("winner: A", "winner: B", "winner is A, not B"),
    }
    for name, (old, new, said) in wrong.items():
        (village / name).write_text(FILES[name].replace(old, new), encoding="utf-8")
        answer = checked(village / name)
        line = FILES[name][: FILES[name].index(old)].count("\n") + 1
        assert [row["place"] for row in answer["faults"]] == [f"{Path(name).name}:{line}"], answer
        assert said in answer["faults"][0]["en"]
        (village / name).write_text(FILES[name], encoding="utf-8")
    lawfile.use_folder(village)
    locked = procedure_lock.lock(village / "procedures")
    assert locked == ("clock.VW-01", "clock.VW-02", "formula.village_lowest_price.v1", "village_works.v1")
    (village / "clock.yaml").write_text(CLOCK.replace("amount: 5", "amount: 4"), encoding="utf-8")
    assert [reason.field for reason in procedure_lock.changed(village / "procedures")] == ["clock.VW-01"]


def test_files_add_a_procedure_that_runs_to_the_archive_and_verifies_alone(
    village: Path, play: Callable[..., Play], tmp_path: Path, settings: Any
) -> None:
    settings.ROOT_URLCONF = "yiwang.site.urls"
    formula = template("village_lowest_price").formula()
    played = play("closed", procedure="village_works", title="村道硬化工程", formula=formula)
    assert (played.tender.procedure, played.tender.procedure_version) == ("village_works", 1)
    client = Client()
    page = client.get("/law/procedures/village_works/").content.decode()
    assert "村民会议定标" in page and "村民委员会组织法 第24条" in page and "公开村民会议记录" in page
    assert "本中心自定的采购方式" in page and "本中心自定" not in client.get("/law/procedures/open_tender_works/").content.decode()
    assert "village_works" in client.get("/api/v1/procedures").content.decode()
    played.until("archived")
    assert played.tender.state == "archived"
    first, last = (from_stamp(played.tender.events[f"candidate_publicity.{name}"]) for name in ("start", "end"))
    assert (last - first).days >= 5  # the village's own period, not the law's three days
    _changed_in_place(village, play)
    sequencer.sequence_all()
    path = tmp_path / f"{played.number}.zip"
    dossier.build(played.number, out=path)
    lawfile.use_folder(None)  # an outsider has none of the center's files
    lines = {line.id: line for line in verify(path).lines}
    assert {line.id: line.details for line in lines.values() if line.status == "failed"} == {}
    told = str(lines["procedure"].details[0].en)
    assert "own procedure of the center" in told and "law/procedures/village_works.yaml" in told
    in_browser(tmp_path, played.number)
    _one_byte(path, tmp_path / "changed.zip")


def _changed_in_place(village: Path, play: Callable[..., Play]) -> None:
    """Nobody enters a tender under a version whose text is another than that of a tender before."""
    (village / "clock.yaml").write_text(CLOCK.replace("amount: 5", "amount: 4"), encoding="utf-8")
    with pytest.raises(Refused, match=r"clock\.yaml"):
        play("draft", procedure="village_works", title="改过的")


def _one_byte(path: Path, changed: Path) -> None:
    """One other byte in a document of the law, with a manifest to match: the check names the file."""
    with archive.read(path) as found:
        files = {name: found.read(name) for name in found.entries}
    laws = [name for name in files if name.startswith("law/")]
    assert sorted(laws) == ["law/clock.yaml", "law/formulas/village_lowest_price.yaml", "law/procedures/village_works.yaml"]
    assert b"VW-02" not in files["law/clock.yaml"]  # what the procedure does not name stays at home
    for name in laws:
        forged = {**files, name: files[name].replace(b"1", b"2", 1)}
        manifest = json.loads(forged["manifest.json"])
        manifest["files"][name] |= {"sha256": hashlib.sha256(forged[name]).hexdigest()}
        with changed.open("wb") as out:
            archive.write(out, {**forged, "manifest.json": canonical.canonical(manifest)})
        line = next(line for line in verify(changed).lines if line.id == "procedure")
        assert line.status == "failed" and name in str(line.details[0].en)


def test_what_the_file_leaves_out_or_raises_binds(village: Path, play: Callable[..., Play]) -> None:
    bids = [("城东市政工程公司", 80_000_00), ("江北建设集团", 70_000_00), ("海门路桥公司", 65_000_00)]
    few = play("failed", procedure="village_works", title="水渠修补", bids=bids)
    assert few.tender.state == "failed"  # three bids, where the village asks for four


def test_a_procedure_is_entered_only_while_it_is_in_force(village: Path, play: Callable[..., Play]) -> None:
    file = village / "procedures" / "village_works.yaml"
    file.write_text(VILLAGE.replace("since: 2026-01-01", "since: 2026-06-01"), encoding="utf-8")
    with pytest.raises(BadInput, match="2026-06-01"):
        play("draft", procedure="village_works", title="早了")
