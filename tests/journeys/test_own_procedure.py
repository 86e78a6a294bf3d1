"""A procedure is added by a file alone: it is offered, governs, is told on its page, and its dossier verifies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.journeys.rounds import verified
from yiwang.demo.play import Play
from yiwang.kernel import lawfile
from yiwang.kernel.errors import BadInput

VILLAGE = """\
# Small works of a village (村级小型工程): as open tendering, but the village assembly decides, and the notice has its own name.
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
replace:
  notice: {name: {zh: 张榜并发布招标公告, en: Post and publish the notice}}
  award: {name: {zh: 村民会议定标, en: The village assembly decides}, articles: [村民委员会组织法 第24条]}
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


@pytest.fixture
def village(tmp_path: Path) -> Iterator[None]:
    """The center's own folder of law, with one file."""
    folder = tmp_path / "law" / "procedures"
    folder.mkdir(parents=True)
    (folder / "village_works.yaml").write_text(VILLAGE, encoding="utf-8")
    lawfile.use_folder(tmp_path / "law")
    yield
    lawfile.use_folder(None)


def test_a_file_adds_a_procedure_that_runs_to_the_archive(village: None, play: Callable[..., Play], tmp_path: Path, settings: Any) -> None:
    settings.ROOT_URLCONF = "yiwang.site.urls"
    played = play("closed", procedure="village_works", title="村道硬化工程")
    assert (played.tender.procedure, played.tender.procedure_version) == ("village_works", 1)
    client = Client()
    page = client.get("/law/procedures/village_works/").content.decode()
    assert "村民会议定标" in page and "村民委员会组织法 第24条" in page and "公开村民会议记录" in page
    assert "village_works" in client.get("/api/v1/procedures").content.decode()
    played.until("archived")
    assert played.tender.state == "archived"
    assert "failed" not in set(verified(played.number, tmp_path).values())


def test_what_the_file_leaves_out_or_raises_binds(village: None, play: Callable[..., Play]) -> None:
    bids = [("城东市政工程公司", 80_000_00), ("江北建设集团", 70_000_00), ("海门路桥公司", 65_000_00)]
    few = play("failed", procedure="village_works", title="水渠修补", bids=bids)
    assert few.tender.state == "failed"  # three bids, where the village asks for four


def test_a_procedure_is_entered_only_while_it_is_in_force(village: None, play: Callable[..., Play], tmp_path: Path) -> None:
    file = tmp_path / "law" / "procedures" / "village_works.yaml"
    file.write_text(VILLAGE.replace("since: 2026-01-01", "since: 2026-06-01"), encoding="utf-8")
    with pytest.raises(BadInput, match="2026-06-01"):
        play("draft", procedure="village_works", title="早了")
