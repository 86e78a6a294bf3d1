"""What is public when."""

import pytest

from yiwang.kernel.procedures import ACTS, STAGES, STATES
from yiwang.kernel.publicity import all_acts, disclosed_by, is_public, publicity_of, reached_in, stage_of


@pytest.mark.parametrize("act", ACTS)
def test_every_act_has_a_stage_an_article_and_both_languages(act: str) -> None:
    item = publicity_of(act)
    assert item.stage in STAGES
    assert "条" in item.article
    assert item.says.zh
    assert item.says.en


def test_no_act_is_named_that_does_not_exist() -> None:
    assert set(all_acts()) == set(ACTS)


def test_bids_are_public_from_the_opening_and_askers_never() -> None:
    assert not is_public("bid.submit", "at_once")
    assert is_public("bid.submit", "opening")
    assert not is_public("clarification.ask", "archive")
    assert "actor" in publicity_of("clarification.ask").withheld


def test_evaluators_stay_secret_until_the_award() -> None:
    for act in ("draw.reveal", "draw.seat", "evaluation.declare", "evaluation.submit_sheet", "evaluation.sign_report"):
        assert not is_public(act, "publicity")
        assert is_public(act, "award")
    assert stage_of("evaluation.conclude") == "publicity"


def test_nothing_of_a_draft_is_public() -> None:
    assert disclosed_by(reached_in("draft")) == ()


def test_what_is_public_only_grows_with_the_states() -> None:
    before: set[str] = set()
    for state in STATES[:-2]:
        now = set(disclosed_by(reached_in(state)))
        assert before <= now, state
        before = now
    assert before == {act for act in ACTS if stage_of(act) != "never"}
