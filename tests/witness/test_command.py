"""``yiwang witness`` as its users call it: init, serve, status."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

from tests.witness.conftest import KEYS, log_lines
from tests.witness.test_forks import SERVE

from yiwang.tlog import policy as policies
from yiwang.witness.client import collect
from yiwang.witness.memory import Memory

YIWANG = [sys.executable, "-m", "yiwang.cli", "--lang", "en", "witness"]


def run(*words):
    return subprocess.run([*YIWANG, *map(str, words)], capture_output=True, text=True, timeout=60, check=False)


def test_from_nothing_to_a_cosigned_checkpoint(log, tmp_path):
    folder, logs = tmp_path / "w", tmp_path / "logs"
    logs.write_text(log_lines())
    made = run("init", "--folder", folder, "--name", "finance.example", "--json")
    assert made.returncode == 0 and (folder / "witness.keys").stat().st_mode & 0o777 == 0o600
    again = run("init", "--folder", folder, "--name", "finance.example")
    assert again.returncode == 2 and "stays" in again.stderr
    ours, other = log(8), log(8, fork=3)
    with subprocess.Popen([*SERVE, "--folder", str(folder), "--logs", str(logs)], stdout=subprocess.PIPE) as process:
        started = json.loads(process.stdout.readline())
        assert started["logs"] == [KEYS.name]
        second = run("serve", "--folder", folder, "--logs", logs, "--listen", "127.0.0.1:0")
        assert second.returncode == 1 and "another process" in second.stderr
        lines = json.loads(made.stdout)["policy"].replace("\ngroup", f" {started['url']}\ngroup")
        policy = policies.parse((log_lines() + lines + "quorum finance-example\n").encode())
        assert collect(ours.note(), ours.proof, policy, 10, memory=Memory()).quorum
        assert run("status", "--folder", folder).returncode == 0
        assert collect(other.note(), other.proof, policy, 10, memory=Memory()).reports["finance-example-mldsa44"].state
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    seen = run("status", "--folder", folder, "--json")
    found = json.loads(seen.stdout)
    assert seen.returncode == 1  # a fork was shown to it
    assert [(log["origin"], log["cosigned_size"]) for log in found["logs"]] == [(KEYS.name, 8)]
    assert [(refused["kind"], refused["size"]) for refused in found["refused"]] == [("fork", 8)]


def test_mistakes_are_named(tmp_path):
    (tmp_path / "logs").write_text("log x\n")
    cases = [
        (("init", "--folder", tmp_path / "a", "--name", "has space"), 2, "invalid witness name"),
        (("serve", "--folder", tmp_path, "--logs", tmp_path / "logs"), 2, "line 1"),
        (("serve", "--folder", tmp_path, "--logs", tmp_path / "logs", "--listen", "x"), 2, "address:port"),
        (("status", "--folder", tmp_path), 2, "yiwang witness init"),
    ]
    for words, code, message in cases:
        ended = run(*words)
        assert (ended.returncode, message in ended.stderr) == (code, True), ended.stderr
