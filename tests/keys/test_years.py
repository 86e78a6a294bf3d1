"""One log per year and new keys within a year: what is signed by whom, what stays valid, what a crash leaves."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from yiwang.demo.play import Play
from yiwang.kernel import moment
from yiwang.kernel.canonical import canonical
from yiwang.kernel.errors import BadInput, YiwangError
from yiwang.modules.evidence import audit, dossier, sequencer, succession, years
from yiwang.modules.evidence.actors import SYSTEM
from yiwang.modules.evidence.models import Act, Checkpoint
from yiwang.modules.evidence.sequencer import sequence_all, the_log
from yiwang.modules.parties import acts as parties
from yiwang.tlog.checkpoint import open_checkpoint
from yiwang.tlog.errors import KeyFileError, NoteError
from yiwang.tlog.keys import LogKeys
from yiwang.tlog.merkle import verify_consistency
from yiwang.verifier.handover import follow
from yiwang.verifier.run import verify

USCC = ("91110000600037341L", "91310000775785552L", "914403001922038216")


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Each test has a log of its own."""
    sequencer.forget()
    yield
    sequencer.forget()


@pytest.fixture
def begun(db: None, settings: Any) -> Iterator[LogKeys]:
    """A log of 2026 with three entries, and its keys."""
    settings.LOG_ORIGIN = "evidence.example/{year}"
    with moment.clock_at(datetime(2026, 12, 31, 1, tzinfo=UTC)):
        for code in USCC:
            parties.register_organisation(actor=SYSTEM, uscc=code, name=f"单位{code}")
        assert sequence_all() == 3
        yield the_log().keys


def more(number: int = 0) -> None:
    """One more entry."""
    codes = ("91110108551385082Q", "91440300708461136T", "9133010079965843XT")
    parties.register_organisation(actor=SYSTEM, uscc=codes[number], name=f"单位{number}")
    sequence_all()


def note_at(size: int) -> bytes:
    return Checkpoint.objects.get(size=size).note.encode()


def act_named(name: str) -> tuple[int, dict[str, Any]]:
    act = Act.objects.select_related("log_entry").get(act=name)
    return act.log_entry.index, json.loads(bytes(act.canonical))["public"]


def test_the_first_log_is_named_by_center_and_year(begun: LogKeys) -> None:
    assert begun.name == "evidence.example/2026" == the_log().origin
    assert open_checkpoint(note_at(3), begun.verifiers(), every=True).checkpoint.origin == begun.name
    assert years.history(the_log().tiles.directory) == [years.Period(begun.name, tuple(map(str, begun.vkeys())), 0)]


def test_changed_keys_are_named_by_an_entry_that_old_and_new_sign(begun: LogKeys) -> None:
    succession.rotate()
    new = the_log().keys
    index, said = act_named("log.rotate")
    assert said["vkeys"] == [str(key) for key in new.vkeys()] != said["previous"]["vkeys"]
    assert said["previous"]["vkeys"] == [str(key) for key in begun.vkeys()]
    assert index == 3
    both = open_checkpoint(note_at(4), [*begun.verifiers(), *new.verifiers()], every=True)
    assert len(both.note.verified) == 4 and both.checkpoint.origin == begun.name
    more()
    assert open_checkpoint(note_at(5), new.verifiers(), every=True).note.unknown == ()
    with pytest.raises(NoteError):
        open_checkpoint(note_at(5), begun.verifiers())
    assert audit.run().ok


def test_the_next_year_begins_where_the_last_ended(begun: LogKeys) -> None:
    succession.succeed("evidence.example/2027")
    new, log = the_log().keys, the_log().tiles
    last, ends = act_named("log.succeed")
    first, begins = act_named("log.begin")
    assert (last, first) == (3, 4)
    assert ends["next"] == {"origin": "evidence.example/2027", "vkeys": [str(key) for key in new.vkeys()]}
    assert begins["previous"] == {"origin": begun.name, "vkeys": [str(key) for key in begun.vkeys()], "size": 4}
    final = open_checkpoint(note_at(4), begun.verifiers(), every=True).checkpoint
    opening = open_checkpoint(note_at(5), new.verifiers(), every=True).checkpoint
    assert (final.origin, opening.origin, the_log().origin) == (begun.name, "evidence.example/2027", "evidence.example/2027")
    verify_consistency(4, 5, final.root, opening.root, log.consistency_proof(4, 5))
    more()
    assert open_checkpoint(note_at(6), new.verifiers(), every=True)
    assert audit.run().ok
    with pytest.raises(BadInput):
        succession.succeed("evidence.example/2026")


def test_a_log_that_ended_stays_readable_at_its_own_place(begun: LogKeys) -> None:
    succession.succeed("evidence.example/2027")
    more()
    place = the_log().tiles.directory / "ended" / "2026"
    assert open_checkpoint((place / "checkpoint").read_bytes(), begun.verifiers(), every=True).checkpoint.size == 4
    assert (place / "vkeys").read_text() == begun.vkeys_text()
    assert (place / "tile" / "0").is_dir()


def test_whoever_trusts_old_keys_can_follow_to_the_present_ones(begun: LogKeys) -> None:
    succession.rotate()
    second = the_log().keys.vkeys()
    succession.succeed("evidence.example/2027")
    data = (the_log().tiles.directory / "handover.json").read_bytes()
    now = the_log().keys.vkeys()
    assert follow(data, begun.vkeys()) == follow(data, second) == follow(data, now) == now
    with pytest.raises(BadInput, match="不认识"):
        follow(data, LogKeys.create(begun.name).vkeys())
    with pytest.raises(BadInput):
        follow(data, begun.vkeys()[:1])
    steps = json.loads(data)["steps"]
    forged = LogKeys.create("evidence.example/2027")

    def changed(number: int, change: Callable[[dict[str, Any]], None]) -> bytes:
        copy = json.loads(data)
        change(copy["steps"][number])
        return canonical(copy)

    keys = [str(key) for key in forged.vkeys()]
    for wrong in (
        changed(1, lambda step: step["act"]["public"]["next"].update(vkeys=keys)),  # another successor
        changed(0, lambda step: step.update(checkpoint=steps[1]["checkpoint"])),  # signed by the new keys alone
        changed(0, lambda step: step.update(index=step["index"] - 1)),
        changed(0, lambda step: step.update(salt="00" * 32)),
        data[:-1],
    ):
        with pytest.raises(BadInput, match="有误"):
            follow(wrong, begun.vkeys())


def test_ended_logs_and_the_handover_are_served(begun: LogKeys, client: Any, settings: Any) -> None:
    settings.ROOT_URLCONF = "yiwang.site.urls"
    assert client.get("/log/handover.json").status_code == 404
    succession.succeed("evidence.example/2027")
    more()
    note = client.get("/log/ended/2026/checkpoint").content
    assert open_checkpoint(note, begun.verifiers(), every=True).checkpoint.size == 4
    bundle = client.get("/log/ended/2026/tile/entries/000.p/4").content
    assert bundle and bundle == client.get("/log/tile/entries/000.p/4").content
    assert client.get("/log/ended/2026/vkeys").content.decode() == begun.vkeys_text()
    assert client.get("/log/handover.json").headers["Content-Type"] == "application/json"
    for nothing in ("2026/tile/entries/000.p/5", "2025/checkpoint", "../checkpoint", "2026/../../state", "2026/log.keys"):
        assert client.get(f"/log/ended/{nothing}").status_code == 404


def test_keys_can_be_prepared_so_that_witnesses_are_told_first(begun: LogKeys) -> None:
    keys = succession.prepare("evidence.example/2027")
    with pytest.raises(KeyFileError, match="备好"):
        succession.prepare("evidence.example/2027")
    with pytest.raises(KeyFileError, match="不属于"):
        succession.rotate()
    succession.succeed("evidence.example/2027")
    assert the_log().keys.vkeys() == keys.vkeys()
    folder = years.keys_folder(the_log().tiles.directory)
    assert sorted(path.name for path in folder.iterdir()) == ["from-5", "log.keys"]
    assert (folder / "from-5").stat().st_mode & 0o077 == 0


class Killed(BaseException):
    """kill -9."""


YEAR = pytest.param(lambda: succession.succeed("evidence.example/2027", wait=0), id="succeed")
KEYS = pytest.param(succession.rotate, id="rotate")


@pytest.mark.parametrize(
    ("change", "step", "times"),
    [pytest.param(*KEYS.values, "_grow", 0, id="rotate"), *(pytest.param(*YEAR.values, step, times, id=f"succeed-{step}-{times}")
     for step in ("_grow", "_sign") for times in (0, 1))],
)  # fmt: skip
def test_killed_half_way_the_worker_signs_the_rest_with_the_right_keys(
    begun: LogKeys, monkeypatch: pytest.MonkeyPatch, step: str, times: int, change: Callable[[], Any]
) -> None:
    done, calls = getattr(sequencer, step), []

    def killed(*given: Any) -> None:
        calls.append(given)
        if len(calls) > times:
            raise Killed
        done(*given)

    with monkeypatch.context() as patch:
        patch.setattr(sequencer, step, killed)
        with pytest.raises(Killed):
            change()
    sequencer.forget()
    more()
    new = the_log().keys
    if the_log().origin == begun.name:
        both = [*begun.verifiers(), *new.verifiers()]
        assert len(open_checkpoint(note_at(4), both, every=True).note.verified) == 4
    else:
        assert open_checkpoint(note_at(4), begun.verifiers(), every=True)
        assert (the_log().tiles.directory / "ended" / "2026" / "checkpoint").read_bytes() == note_at(4)
    assert open_checkpoint(note_at(Checkpoint.objects.order_by("-size")[0].size), new.verifiers(), every=True)
    assert audit.run().ok


def test_nothing_happens_when_the_new_keys_cannot_be_made(begun: LogKeys) -> None:
    def broken(name: str) -> LogKeys:
        raise KeyFileError("没有设备", "no token")

    for change in (lambda: succession.rotate(broken), lambda: succession.succeed("evidence.example/2027", broken)):
        with pytest.raises(KeyFileError):
            change()
        more_before = Act.objects.filter(subject=years.CHAIN).count()
        assert more_before == 0 and the_log().keys.vkeys() == begun.vkeys()


def test_lost_keys_are_never_replaced_in_silence_but_a_new_log_can_begin(begun: LogKeys) -> None:
    folder = years.keys_folder(the_log().tiles.directory)
    (folder / "log.keys").unlink()
    sequencer.forget()
    with pytest.raises(YiwangError, match="没有"):
        more()
    with pytest.raises(KeyFileError):
        succession.succeed("evidence.example/2027")
    succession.succeed("evidence.example/2027", lost=True)
    new = the_log().keys
    _, begins = act_named("log.begin")
    assert begins["lost"] and begins["previous"]["origin"] == begun.name
    assert open_checkpoint(note_at(3), begun.verifiers(), every=True)
    assert open_checkpoint(note_at(5), new.verifiers(), every=True).checkpoint.origin == "evidence.example/2027"
    assert not Act.objects.filter(act="log.succeed").exists()
    assert audit.run().ok


@pytest.mark.parametrize("change", [KEYS, YEAR])
def test_a_dossier_from_before_and_one_across_the_change_verify(
    play: Callable[..., Play], tmp_path: Path, settings: Any, change: Callable[[], Any]
) -> None:
    settings.LOG_ORIGIN = "evidence.example/{year}"
    life = play("tendering")
    sequence_all()
    dossier.build(life.number, out=tmp_path / "before.zip")
    change()
    life.until("opened")
    sequence_all()
    dossier.build(life.number, out=tmp_path / "across.zip")
    for name in ("before.zip", "across.zip"):
        report = verify(tmp_path / name)
        assert report.ok, report


def test_the_database_decides_and_the_file_of_periods_is_mended(begun: LogKeys) -> None:
    succession.rotate()
    path = the_log().tiles.directory / years.HISTORY
    right = path.read_bytes()
    path.unlink()
    sequencer.forget()
    more()
    assert path.read_bytes() == right
    assert open_checkpoint(note_at(5), the_log().keys.verifiers(), every=True)


def test_an_altered_file_of_periods_is_found(begun: LogKeys) -> None:
    succession.rotate()
    path = the_log().tiles.directory / years.HISTORY
    rows = json.loads(path.read_bytes())
    rows[0]["vkeys"] = [str(key) for key in LogKeys.create(begun.name).vkeys()]
    path.write_bytes(canonical(rows))
    assert [each.where for each in audit.run().findings] == ["log/history.json"]
