"""The generated pages are what the code and the law say now."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from yiwang.docs import names, write
from yiwang.docs.glossary import filled
from yiwang.docs.procedures import pages as pages_of_procedures
from yiwang.kernel import procedures, rules
from yiwang.kernel.procedures import ACTS, ROLES, STATES, all_procedures
from yiwang.modules.evidence import actors, registry

ROOT = Path(__file__).resolve().parents[2]
OUTSIDE = {"organisation.register", "person.bind_key", "member.appoint", "member.remove", "audit.report",
           "client.publish", "log.rotate", "log.succeed", "log.begin", "drill.schedule", "drill.provide_key",
           "drill.release_key", "drill.report", "member.invite", "member.join", "member.leave", "certificate.bind",
           "certificate.revoke", "certificate.endorse", "reset.ask", "reset.agree", "reset.object",
           "reset.carry_out", "calendar.staff", "calendar.close", "calendar.withdraw", "party.ban", "party.lift_ban"}  # fmt: skip
"""Acts that belong to no tender."""


def test_no_generated_page_is_stale() -> None:
    assert write.stale(ROOT) == [], "run: yiwang docs"


def test_the_command_tells_a_stale_page(tmp_path: Path) -> None:
    def yiwang(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "yiwang.cli", "docs", "--root", str(tmp_path), *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "glossary.md").write_text((ROOT / "docs" / "glossary.md").read_text())
    assert yiwang().returncode == 0
    page = tmp_path / "docs" / "generated" / "rules" / "GC-01.md"
    page.write_text(page.read_text().replace("20", "19"))
    (tmp_path / "docs" / "generated" / "left.md").write_text("old")
    stale = yiwang("--check", "--json")
    assert stale.returncode == 1
    assert "GC-01.md" in stale.stdout
    assert "left.md" in stale.stdout


def test_there_is_a_page_for_every_rule_and_every_procedure() -> None:
    assert {f"rules/{rule.id}.md" for rule in rules.all_rules()} <= set(write.pages(ROOT))
    made = pages_of_procedures()
    for procedure in all_procedures():
        for language in ("zh", "en"):
            text = made[f"{procedure.id}.{language}.md"]
            assert getattr(procedure.name, language) in text and procedure.id in made["README.md"]
            for step in (*procedure.steps, *procedure.branches):
                assert getattr(step.name, language) in text and all(article in text for article in step.articles)
            assert all(f"rules/{rule}.md" in text for rule in procedure.clock_rules())
            assert procedure.committee.article in text and all(getattr(each.name, language) in text for each in procedure.remedies)


def test_every_link_between_pages_leads_somewhere() -> None:
    places = ((write.FOLDER, write.pages(ROOT)), (write.PROCEDURES, pages_of_procedures()))
    made = {(folder / name).as_posix(): text for folder, found in places for name, text in found.items()}
    for name, text in made.items():
        for target in re.findall(r"\]\(([^)#]+\.md)\)", text):
            path = (ROOT / Path(name).parent / target).resolve().relative_to(ROOT.resolve())
            assert path.as_posix() in made or path.name == "add-a-procedure.md", f"{name} -> {target}"


def test_the_glossary_names_every_state_role_act_and_module() -> None:
    text = (ROOT / write.GLOSSARY).read_text(encoding="utf-8")
    codes = {code for table in registry.TABLES.values() for code in table.states}
    codes |= set(actors.ROLES) | {row.act for row in registry.rows()} | set(settings.MODULES)
    assert {code for code in codes if f"`{code}`" not in text} == set()
    for table in registry.TABLES.values():
        for code, state in table.states.items():
            assert f"| {state.name.zh} | `{code}` | {state.name.en} |" in text


def test_a_glossary_without_marks_is_refused() -> None:
    with pytest.raises(ValueError):
        filled("# Glossary\n")


def test_every_module_that_is_built_has_a_name() -> None:
    assert set(settings.MODULES) <= set(names.MODULES)


def test_law_and_tables_name_the_same_acts_states_and_roles() -> None:
    rows = {row.act for row in registry.rows()}
    assert set(ACTS) == rows - OUTSIDE
    assert tuple(registry.TABLES["tender"].states) == STATES
    assert set(ROLES) <= set(actors.ROLES)


def test_every_step_of_a_procedure_does_an_act_of_the_tables() -> None:
    for procedure in all_procedures():
        assert {step.act for step in (*procedure.steps, *procedure.branches) if step.act} <= set(ACTS)


SAME = {"tenderer": {"tenderer", "bidder", "supplier"}}
"""The law's tenderer is told apart in the tables: the one whose bid was opened, the one who won."""
WIDER = {"tender.fail"}
"""The law lets a tender fail in more states than the tables know a cause for."""


@pytest.mark.parametrize("name", ["open_tender_works", "open_tender_goods_services"])
def test_a_step_happens_in_states_and_by_roles_of_its_row(name: str) -> None:
    procedure = procedures.load(name)
    for step in (step for step in (*procedure.steps, *procedure.branches) if step.act):
        row = registry.row_of(step.act)
        assert any(SAME.get(actor, {actor}) & set(row.roles) for actor in step.actors), step.key
        allowed = {*row.sources, row.target}
        assert set(step.states) & allowed, step.key
        assert set(step.states) <= allowed or step.act in WIDER, step.key


AS = {"bidder": "tenderer", "supplier": "tenderer", "objector": "tenderer", "complainant": "tenderer", "invitee": "tenderer"}


def test_a_procedure_names_nobody_for_a_step_whom_the_table_refuses() -> None:
    """Procedures say who does a step, and the pages of docs/procedures repeat it; the tables decide."""
    roles = {row.act: {AS.get(role, role) for role in row.roles} for row in registry.rows()}
    wrong = {(law.id, step.act) for law in all_procedures() for step in (*law.steps, *law.branches)
             if step.act and not set(step.actors) <= roles[step.act]}  # fmt: skip
    assert wrong == set()
