"""The process group: ends in order, starts the crashed again, leaves no orphan when it is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.runtime.conftest import alive, small, until

GROUP = """
import sys
from yiwang.kernel.text import Text
from yiwang.runtime.processes import Child, Group
child = '''
import os, signal, subprocess, sys, time
if sys.argv[2] == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
grandchild = subprocess.Popen(["sleep", "300"])
print(sys.argv[1], os.getpid(), grandchild.pid, flush=True)
time.sleep(300)
'''
children = [Child(Text(name, name), [sys.executable, "-c", child, name, sys.argv[1]]) for name in ("a", "b")]
Group(children, lambda text: print("told", text.en, flush=True)).run()
print("stopped", flush=True)
"""


class Running:
    """A group in a process of its own, with what it printed."""

    def __init__(self, folder: Path, kind: str) -> None:
        self.output = folder / "output"
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", GROUP, kind], env=small(folder / "var"), stdout=output, stderr=output
            )
        assert until(lambda: len(self.pids("a")) == len(self.pids("b")) == 2), self.output.read_text()

    def pids(self, name: str) -> list[int]:
        """Child and grandchild that started last under a name."""
        found = [line.split()[1:] for line in self.output.read_text().splitlines() if line.startswith(f"{name} ")]
        return [int(pid) for pid in found[-1]] if found else []

    def all(self) -> list[int]:
        """Every process of the group."""
        return self.pids("a") + self.pids("b")


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_ends_in_order(folder: Path, sent: signal.Signals) -> None:
    group = Running(folder, "meek")
    pids = group.all()
    began = time.monotonic()
    group.process.send_signal(sent)
    assert group.process.wait(10) == 0
    assert time.monotonic() - began < 5
    assert not [pid for pid in pids if alive(pid)]
    assert group.output.read_text().endswith("stopped\n")


def test_one_that_does_not_end_is_killed_within_ten_seconds(folder: Path) -> None:
    group = Running(folder, "stubborn")
    pids = group.all()
    group.process.terminate()
    assert group.process.wait(10) == 0
    assert not [pid for pid in pids if alive(pid)]


def test_crashed_child_starts_again_and_its_left_overs_are_removed(folder: Path) -> None:
    group = Running(folder, "meek")
    child, grandchild = group.pids("a")
    os.kill(child, signal.SIGKILL)
    assert until(lambda: group.pids("a")[0] != child)
    assert not alive(grandchild)
    assert "a ended unexpectedly (SIGKILL)" in group.output.read_text()
    group.process.terminate()
    assert group.process.wait(10) == 0


def test_killed_group_leaves_no_orphan(folder: Path) -> None:
    group = Running(folder, "meek")
    children = [group.pids("a")[0], group.pids("b")[0]]
    grandchildren = [group.pids("a")[1], group.pids("b")[1]]
    group.process.kill()
    group.process.wait()
    assert until(lambda: not [pid for pid in children if alive(pid)])
    for pid in grandchildren:  # "sleep" is no program of ours: only ours follow their parent
        os.kill(pid, signal.SIGKILL)
