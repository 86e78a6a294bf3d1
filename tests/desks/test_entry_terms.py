"""The entry form's terms of a scored formula, the announcement of a coming version; an organisation's own bans."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.desks.conftest import fields_of, text_of
from yiwang.kernel import lawfile
from yiwang.modules.parties import ban_acts
from yiwang.modules.tenders.models import Tender

ENTRY = "/desk/tenders/enter/?procedure=open_tender_works&formula=comprehensive_score"
VILLAGE = """\
id: village_works
version: {version}
base: open_tender_works
name: {{zh: 村级小型工程招标, en: Small works of a village}}
since: {since}
"""


def test_trimming_groups_and_objective_criteria_are_set_in_the_form(cast: Any, stage: Any, desk: Any) -> None:
    buyer = desk(cast.buyer)
    first = buyer.get(ENTRY)
    assert "5 1 1\n10 2 1" in text_of(first).replace("\r", "")  # the formula's own rule, to be changed
    typed = {
        "title": "科技馆布展工程", "budget": "3,000,000", "price.score.benchmark.trim": "6 2 1", "groups": "技术组 0.5 10\n商务组 1",
        "criteria-zh": ["施工方案", "业绩"], "criteria-en": ["plan", "record"], "criteria-most": ["60", "10"], "criteria-pass": ["", ""],
        "criteria-group": ["1", "2"], "criteria-kind": ["", "objective"], "criteria-drop": ["1", ""],
    }  # fmt: skip
    fields = {**fields_of(first), **typed}
    wrong = buyer.post(ENTRY, **{**fields, "price.score.benchmark.trim": "6 多 1", "groups": "技术组"})
    shown = text_of(wrong)
    assert wrong.status_code == 422 and "应为三个整数" in shown and "应为名称、权重" in shown and "科技馆布展工程" in shown
    assert "没有这一组" in text_of(buyer.post(ENTRY, **{**fields, "criteria-group": ["1", "3"]}))
    page = buyer.post(ENTRY, **fields)
    assert page.status_code == 302, text_of(page)
    formula = Tender.objects.get(title="科技馆布展工程").formula
    assert formula["price"]["score"]["benchmark"]["trim"] == [{"from": 6, "highest": 2, "lowest": 1}]
    assert [(row["key"], row["weight"], row.get("pass")) for row in formula["groups"]] == [("g1", "0.5", "10"), ("g2", "1", None)]
    plan, record = formula["criteria"]
    assert (plan["group"], plan.get("objective"), plan["drop"]) == ("g1", None, {"highest": 1, "lowest": 1})
    assert (record["group"], record["objective"], record.get("drop")) == ("g2", True, None)


def test_a_coming_version_is_announced_where_one_enters(cast: Any, stage: Callable[[], Any], desk: Any, tmp_path: Path) -> None:
    folder = tmp_path / "law" / "procedures"
    (folder / "past").mkdir(parents=True)
    (folder / "past" / "village_works.v1.yaml").write_text(VILLAGE.format(version=1, since="2026-01-01"), encoding="utf-8")
    coming = VILLAGE.format(version=2, since="2026-12-01") + "warn_from: 2026-01-01\n"
    (folder / "village_works.yaml").write_text(coming, encoding="utf-8")
    lawfile.use_folder(tmp_path / "law")
    try:
        buyer = desk(cast.buyer)
        said = "村级小型工程招标自2026-12-01起改用第2版"
        assert said in text_of(buyer.get("/desk/tenders/enter/"))
        assert said in text_of(buyer.get(ENTRY.replace("open_tender_works", "village_works")))
        assert said not in text_of(buyer.get(ENTRY))
    finally:
        lawfile.use_folder(None)


def test_an_organisation_sees_its_own_bans_and_why(cast: Any, stage: Any, desk: Any) -> None:
    firm, other = cast.tenderer("海门路桥公司"), cast.tenderer("江北建设集团")
    assert "本单位没有生效中的限制" in text_of(desk(firm).get("/account/bans/"))
    given = {"ground": "collusion", "reason": "与他人串通投标", "until": stage() + timedelta(days=400)}
    ban_acts.ban(actor=cast.supervisor.actor, uscc=firm.actor.organisation.uscc, decision="滨住建罚〔2026〕3号", **given)
    shown = text_of(desk(firm).get("/account/bans/"))
    for said in ("现有 1 项限制", "滨住建罚〔2026〕3号", "与他人串通投标", "生效", "行政复议"):
        assert said in shown, said
    assert "滨住建罚" not in text_of(desk(other).get("/account/bans/"))
    assert "/account/bans/" in text_of(desk(firm).get("/account/organisation/"))
