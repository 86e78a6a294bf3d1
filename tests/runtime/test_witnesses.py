"""The three witnesses of a demonstration, and the operator's own policy, which nobody writes over."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from tests.runtime.conftest import Yiwang, free_port
from yiwang.runtime import witnesses
from yiwang.runtime.witness_policy import POLICY, policy_file
from yiwang.tlog import policy as policies
from yiwang.tlog.keys import LogKeys
from yiwang.witness.keys import WitnessKeys

KEYS = LogKeys.create("evidence.example/2027").vkeys()


def test_the_first_start_makes_keys_and_the_next_keeps_them(tmp_path: Path) -> None:
    path, children = witnesses.for_demonstration(tmp_path, KEYS, 20_000)
    first = policies.parse(path.read_bytes())
    assert len(children) == 3 and len({party.url for party in first.witnesses.values()}) == 3
    keys = [party.vkey for party in first.witnesses.values()]
    assert keys == [vkey for label in witnesses.LABELS for vkey in WitnessKeys.load(tmp_path / "witnesses" / label).vkeys()]
    again = policies.parse(witnesses.for_demonstration(tmp_path, KEYS, 20_000)[0].read_bytes())
    assert [party.vkey for party in again.witnesses.values()] == keys
    every = {frozenset({f"{one}-ed25519", f"{other}-mldsa44"}) for one in witnesses.LABELS for other in witnesses.LABELS}
    assert {names for names in every if again.satisfied_by(names)} == {
        names for names in every if len({name.partition("-")[0] for name in names}) == 2
    }


def test_a_port_that_is_taken_is_passed_by(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        path, _ = witnesses.for_demonstration(tmp_path, KEYS, port)
        assert f":{port}" not in {party.url[-6:] for party in policies.parse(path.read_bytes()).witnesses.values()}


def test_to_forget_removes_what_was_made_and_leaves_an_operators_file(tmp_path: Path) -> None:
    path, _ = witnesses.for_demonstration(tmp_path, KEYS, 20_000)
    assert witnesses.own(tmp_path)
    witnesses.forget(tmp_path)
    assert not path.exists() and not (tmp_path / "witnesses").exists()
    path.write_text("quorum none\n")
    assert not witnesses.own(tmp_path)
    witnesses.forget(tmp_path)
    assert path.read_text() == "quorum none\n"


@pytest.mark.parametrize(
    ("given", "there", "expected"),
    [("", False, None), ("", True, "witness.policy"), ("none", True, None), ("/etc/other.policy", True, "/etc/other.policy")],
)
def test_which_policy_counts(
    given: str, there: bool, expected: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(POLICY, given)
    if there:
        (tmp_path / "witness.policy").write_text("quorum none\n")
    assert policy_file(tmp_path) == (tmp_path / expected if expected else None)


@pytest.mark.parametrize(("content", "says"), [(None, "cannot be read"), ("quorum nobody\n", "line 1")])
def test_a_policy_that_cannot_be_used_stops_the_start(content: str | None, says: str, folder: Path, yiwang: Any) -> None:
    run: Yiwang = yiwang
    path = folder / "mine.policy"
    if content is not None:
        path.write_text(content)
    words = ("run", "--port", str(free_port()), "--live-port", str(free_port()))
    ended = run(*words, YIWANG_WITNESS_POLICY=str(path))
    assert ended.returncode == 3 and says in ended.stderr + ended.stdout
    assert not (folder / "var" / "postgres").exists()
