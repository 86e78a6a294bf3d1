"""Witnesses in a dossier: whose cosignatures count, under whose policy, and which acts waited for them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from yiwang.kernel.canonical import canonical
from yiwang.tlog import LogKeys, policy
from yiwang.verifier import FAILED, LATER, OK, Report, verify
from yiwang.verifier.checks.witnessed import WAITS
from yiwang.verifier.trust import policy_text

from .conftest import Played
from .test_fuzz import Files, Sound, judged, mended, place, sound  # noqa: F401  (fixtures)

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(played: Played) -> policy.Policy:
    """A reader's policy: this log, and two of its three witnesses."""
    return policy.parse((played.folder / "own.policy").read_bytes())


def status(report: Report, name: str) -> str:
    return next(line.status for line in report.lines if line.id == name)


def says(report: Report, name: str) -> str:
    return " ".join(detail.en for line in report.lines if line.id == name for detail in line.details)


def without_witnesses(files: Files) -> bytes:
    """The checkpoint as the log alone signed it."""
    body, lines = files["checkpoint"].decode().split("\n\n")
    mine = [line for line in lines.splitlines() if line.split(" ")[1] == body.split("\n")[0]]
    return (body + "\n\n" + "".join(f"{line}\n" for line in mine)).encode()


def test_under_the_dossiers_own_policy_and_the_readers(played: Played, own: policy.Policy) -> None:
    for given, whose in ((None, "dossier"), (own, "reader")):
        report = verify(played.folder / "witnessed.zip", given)
        assert report.ok, report.plain()
        assert (status(report, "policy"), status(report, "witnessed")) == (OK, OK)
        facts = report.json()["policy"]
        assert (facts["whose"], facts["met"]) == (whose, True)
        cosigned = [each for each in facts["witnesses"] if each["cosigned"]]
        assert len(facts["witnesses"]) == 3 and len(cosigned) >= 2
        assert all(
            each["name"] in says(report, "policy") and each["cosigned"] in says(report, "policy") for each in cosigned
        )


def test_every_act_that_waits_did(played: Played) -> None:
    report = verify(played.folder / "witnessed.zip")
    waited = [event for event in report.timeline if event.act in WAITS]
    assert {event.act for event in waited} == set(WAITS) - {"admission.decide"}
    assert f"{len(waited)} of {len(waited)} acts" in says(report, "witnessed")
    assert "cosigned by the witnesses" in says(report, "draw.beacon")


def test_what_no_policy_means_is_said(played: Played, own: policy.Policy) -> None:
    told = verify(played.folder / "witnessed.zip")
    assert "no policy of your own" in says(told, "policy")
    assert any("compare them with the published ones" in text.en for text in told.trust)
    assert not any("taken from this dossier" in text.en for text in verify(played.folder / "witnessed.zip", own).trust)


def test_without_witnesses_it_is_valid_but_not_for_a_reader_who_asks_for_them(
    played: Played, own: policy.Policy
) -> None:
    plain = verify(played.at("archived"))
    assert (
        plain.ok
        and status(plain, "witnessed") == LATER
        and any("no witness cosigned" in text.en for text in plain.trust)
    )
    asked = verify(played.at("archived"), own)
    assert [line.id for line in asked.failed] == ["policy"]
    assert says(asked, "policy").startswith("not enough witnesses: your policy asks for outside")


def test_cosignatures_taken_away(sound: Sound, place: Path, own: policy.Policy) -> None:  # noqa: F811
    files = mended({**sound, "checkpoint": without_witnesses(sound)})
    assert says(judged(files, place), "policy").startswith("not enough witnesses: the dossier's own policy")
    keys = sound["log.vkeys"].decode()
    tame = {name: data for name, data in files.items() if not name.startswith("checkpoints/")}
    tame["policy"] = policy_text(keys).encode()
    proofs = json.loads(tame["proofs.json"])
    acts = json.loads(tame["acts.json"])
    beacon = next(row["act"]["public"]["beacon"] for row in acts if "act" in row and row["act"]["act"] == "draw.seat")
    proofs["consistency"] = {str(beacon["size"]): proofs["consistency"][str(beacon["size"])]}
    tame["proofs.json"] = canonical(proofs)
    assert judged(mended(tame), place).ok, "a center that has no witnesses"
    assert not verify(place / "made.zip", own).ok, "and a reader who asks for them"


def test_a_wrong_cosignature_is_never_ignored(sound: Sound, place: Path) -> None:  # noqa: F811
    body, lines = sound["checkpoint"].decode().split("\n\n")
    rows = lines.splitlines()
    swapped = next(n for n, row in enumerate(rows) if row.startswith("— w"))
    broken = rows[swapped][:-10] + ("A" if rows[swapped][-10] != "A" else "B") + rows[swapped][-9:]
    twice = [*rows, rows[swapped]]
    stranger = [*rows, "— stranger.example AAAAAAAAAAAAAAAA"]
    for made in ([*rows[:swapped], broken, *rows[swapped + 1 :]], twice, stranger):
        note = (body + "\n\n" + "".join(f"{row}\n" for row in made)).encode()
        assert status(judged(mended({**sound, "checkpoint": note}), place), "checkpoint") == FAILED


def test_an_act_that_did_not_wait_is_named(sound: Sound, place: Path) -> None:  # noqa: F811
    acts = json.loads(sound["acts.json"])
    decided = next(row["index"] for row in acts if "act" in row and row["act"]["act"] == "award.decide")
    sizes = sorted(int(name.split("/")[1]) for name in sound if name.startswith("checkpoints/"))
    gone = max(size for size in sizes if size <= decided)
    proofs = json.loads(sound["proofs.json"])
    del proofs["consistency"][str(gone)]
    files = {name: data for name, data in sound.items() if name != f"checkpoints/{gone}"}
    report = judged(mended({**files, "proofs.json": canonical(proofs)}), place)
    assert [line.id for line in report.failed] == ["witnessed"]
    assert "award.decide: went on without waiting" in says(report, "witnessed")


def test_a_checkpoint_of_another_name_or_none_that_is_needed(sound: Sound, place: Path) -> None:  # noqa: F811
    name = next(each for each in sorted(sound) if each.startswith("checkpoints/"))
    for files in (
        {**sound, "checkpoints/7": sound[name]},
        {**sound, name: sound["checkpoint"]},
        {**sound, f"checkpoints/{json.loads(sound['manifest.json'])['size']}": sound["checkpoint"]},
    ):
        assert status(judged(mended(files), place), "witnessed") == FAILED


def test_a_policy_of_another_log_or_of_no_log(played: Played) -> None:
    other = policy.parse(policy_text(LogKeys.create("yiwang.example/log").vkeys_text()).encode())
    none = policy.parse(b"quorum none\n")
    report = verify(played.folder / "witnessed.zip", other)
    assert [line.id for line in report.failed] == ["policy"] and report.json()["policy"]["met"] is False
    assert "lists no log" in says(verify(played.folder / "witnessed.zip", none), "policy")
