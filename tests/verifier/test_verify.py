"""A dossier of any stage verifies; what is not there yet is said to be not yet."""

from __future__ import annotations

import pytest

from yiwang.verifier import verify

from .conftest import STAGES, Played

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("stage", [*STAGES, "supervisor", "scored", "failed"])
def test_verifies_at_every_stage(played: Played, stage: str) -> None:
    report = verify(played.at(stage))
    assert report.ok, report.plain()
