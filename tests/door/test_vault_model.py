"""Random orders of what can be done with the vault, against a model; and a process that is killed in the middle of it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, precondition, rule

from tests.door.vaults import OTHER, OWNER, home, read, sha  # noqa: F401  (a fixture)
from yiwang.kernel.errors import NotVisible, Refused
from yiwang.modules.evidence import files, vault, vault_index, vault_space


def bytes_of(seed: int, size: int) -> bytes:
    """Content that can be made again."""
    return random.Random(seed).randbytes(size)


class Lives(RuleBasedStateMachine):
    """Uploads of two owners begin, grow, are kept, given up, released; the model is a dict of what must be there."""

    uploads = Bundle("uploads")

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        data = Path(self.stack.enter_context(TemporaryDirectory()))
        self.stack.enter_context(
            override_settings(
                LOG_FOLDER=data / "log", FILES_FOLDER=data / "files", VAULT_SEGMENT_MIB=1, VAULT_SEGMENTS=1, VAULT_SLOTS=4
            )
        )
        self.stack.enter_context(pytest.MonkeyPatch.context()).setattr(
            vault.transaction, "on_commit", lambda do, robust: do()
        )
        self.going: dict[tuple[str, str], tuple[str, bytes, int, bool]] = {}
        self.released: dict[str, bytes] = {}

    def teardown(self) -> None:
        self.stack.close()

    @initialize()
    def made(self) -> None:
        """There is a vault from the start."""
        vault.tidy()

    @rule(target=uploads, owner=st.sampled_from([OWNER, OTHER]), seed=st.integers(0, 6), size=st.integers(1, 200_000))
    def begins(self, owner: str, seed: int, size: int) -> tuple[str, str]:
        """A file is announced, perhaps again."""
        content = bytes_of(seed, size)
        open_ = [key for key, (_, _, _, kept) in self.going.items() if key[0] == owner and not kept]
        if (owner, sha(content)) not in self.going and len(open_) >= vault.MOST_OPEN:
            with pytest.raises(Refused):
                vault.begin(owner, size, sha(content))
            return owner, ""
        made = vault.begin(owner, size, sha(content))
        known = self.going.setdefault((owner, sha(content)), (made.id, content, 0, False))
        assert (made.id, made.offset, made.complete) == (known[0], known[2], known[3])
        return owner, sha(content)

    @rule(key=uploads, length=st.integers(1, 120_000), wrong=st.booleans())
    def grows(self, key: tuple[str, str], length: int, wrong: bool) -> None:
        """Some bytes come, at the right place or not."""
        if key not in self.going:
            return
        id_, content, offset, kept = self.going[key]
        if wrong:
            with pytest.raises(vault.OffsetDiffers):
                vault.append(id_, key[0], offset + 1, [b"x"])
            return
        piece = content[offset : offset + length]
        half = len(piece) // 2
        assert vault.append(id_, key[0], offset, [piece[:half], piece[half:]]) == offset + len(piece)
        self.going[key] = id_, content, offset + len(piece), kept

    @rule(key=uploads)
    def is_kept(self, key: tuple[str, str]) -> None:
        """The whole is verified, if it is there."""
        if key not in self.going:
            return
        id_, content, offset, _ = self.going[key]
        if offset < len(content):
            with pytest.raises(vault.OffsetDiffers):
                vault.keep(id_, key[0])
            return
        assert vault.keep(id_, key[0]).sha256 == key[1]
        self.going[key] = id_, content, offset, True

    @rule(target=uploads, owner=st.sampled_from([OWNER, OTHER]), seed=st.integers(0, 6), size=st.integers(1, 200_000))
    def comes_at_once(self, owner: str, seed: int, size: int) -> tuple[str, str]:
        """A whole file, as from a form."""
        content = bytes_of(seed, size)
        key = owner, sha(content)
        before = self.going.get(key)
        vault.put([content], owner)
        if before is None or before[3]:
            made = next(each for each in vault.listed(owner) if each.sha256 == key[1])
            self.going[key] = made.id, content, size, True
        else:
            vault.discard(before[0], owner)  # one that was on its way and the whole one
            made = next(each for each in vault.listed(owner) if each.sha256 == key[1])
            self.going[key] = made.id, content, size, True
        return key

    @rule(key=consumes(uploads))
    def is_given_up(self, key: tuple[str, str]) -> None:
        """Its place is free."""
        if key in self.going:
            vault.discard(self.going.pop(key)[0], key[0])
        with pytest.raises(NotVisible):
            vault.discard("0" * 32, key[0])

    @precondition(lambda self: any(kept for _, _, _, kept in self.going.values()))
    @rule(data=st.data())
    def is_released(self, data: st.DataObject) -> None:
        """It goes to the ordinary store, of whomever it is."""
        _, sha256 = data.draw(st.sampled_from(sorted(key for key, each in self.going.items() if each[3])))
        vault.release(sha256)
        for key, (_, content, _, kept) in list(self.going.items()):
            if key[1] == sha256 and kept:
                self.released[sha256] = content
                del self.going[key]

    @rule(forgets=st.booleans())
    def worker_comes_by(self, forgets: bool) -> None:
        """And perhaps this process reads everything anew."""
        vault.tidy()
        if forgets:
            vault_index._known.clear()

    @invariant()
    def all_is_there(self) -> None:
        """What the model has, the vault has; nothing lies over anything else."""
        seen = {(each.owner, each.sha256): (each.id, each.offset, each.complete) for each in vault.everything()}
        assert seen == {key: (id_, offset, kept) for key, (id_, _, offset, kept) in self.going.items()}
        for (_, sha256), (_, content, _, kept) in self.going.items():
            assert vault.has(sha256) == any(key[1] == sha256 and each[3] for key, each in self.going.items())
            if kept:
                assert read(sha256) == content
        for sha256, content in self.released.items():
            assert files.path_of(sha256).read_bytes() == content
        where = vault_space.space()
        with vault_index.locked(where.index, where.key) as index:
            extents = sorted(extent for _, record in index for extent in record.extents)
        assert all(first + count <= next_ for (first, count), (next_, _) in pairwise(extents))
        assert not extents or sum(extents[-1]) <= where.pool().blocks


Lives.TestCase.settings = settings(
    max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestLives = Lives.TestCase


WRITER = """
import sys, django
from django.conf import settings
from pathlib import Path
data, seed = Path(sys.argv[1]), int(sys.argv[2])
owner = f"writer {seed}"
settings.configure(LOG_FOLDER=data / "log", FILES_FOLDER=data / "files", VAULT_SEGMENT_MIB=1, VAULT_SEGMENTS=2, VAULT_SLOTS=16)
import random, hashlib
from yiwang.modules.evidence import vault
n = seed * 1000
while True:
    n += 1
    content = random.Random(n).randbytes(random.Random(-n).randrange(1, 300_000))
    sha256 = hashlib.sha256(content).hexdigest()
    if n % 3 == 0:
        vault.put([content], owner)
    else:
        made = vault.begin(owner, len(content), sha256)
        half = len(content) // 2
        vault.append(made.id, owner, 0, [content[:half]])
        print("half", n, half, flush=True)
        vault.append(made.id, owner, half, [content[half:]])
        vault.keep(made.id, owner)
    print("kept", n, flush=True)
    if n % 4 == 0:
        done = next(each for each in vault.listed(owner) if each.complete)
        print("discarding", done.sha256, flush=True)
        vault.discard(done.id, owner)
"""


def content_of(number: int) -> bytes:
    """What the killed writer wrote under a number."""
    return random.Random(number).randbytes(random.Random(-number).randrange(1, 300_000))


def started(home: Path, seed: int) -> subprocess.Popen[str]:  # noqa: F811
    """A writer, once it has written something."""
    command = [sys.executable, "-c", WRITER, str(home), str(seed)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "DJANGO_SETTINGS_MODULE": ""})
    assert process.stdout is not None and process.stdout.readline()
    return process


def killed(process: subprocess.Popen[str]) -> list[list[str]]:
    """What a writer said until it was killed just now."""
    process.send_signal(signal.SIGKILL)
    with process:
        assert process.stdout is not None
        return [line.split() for line in process.stdout.read().splitlines(keepends=True) if line.endswith("\n")]


def test_kill_9_at_any_moment_loses_nothing_that_was_told(home: Path) -> None:  # noqa: F811
    mine = bytes_of(77, 60_000)
    vault.put([mine], OWNER)
    finished = 0
    for seed in range(1, 9):
        process = started(home, seed)
        time.sleep(random.Random(seed).uniform(0.0, 0.4))
        told = killed(process)
        finished += sum(line[0] == "kept" for line in told)
        vault_index._known.clear()
        gone = {line[1] for line in told if line[0] == "discarding"}
        there = {each.sha256: each for each in vault.everything()}
        for line in told:
            content = content_of(int(line[1])) if line[0] != "discarding" else b""
            if line[0] == "kept" and sha(content) not in gone:
                assert read(sha(content)) == content
            elif line[0] == "half" and ["kept", line[1]] not in told:
                assert there[sha(content)].offset >= int(line[2])
        assert list(vault.damages()) == []
        assert read(sha(mine)) == mine
        for each in vault.listed(f"writer {seed}"):
            if not each.complete and each.offset < each.size:  # a half one goes on
                number = next(n for n in range(seed * 1000, seed * 1000 + 1000) if sha(content_of(n)) == each.sha256)
                vault.append(each.id, each.owner, each.offset, [content_of(number)[each.offset :]])
                vault.keep(each.id, each.owner)
            vault.discard(each.id, each.owner)
    assert finished > 8
    sizes = {path.stat().st_size for path in (home / "sealed" / "segments").iterdir() if path.stat().st_size}
    assert sizes == {1 << 20}


def test_several_writers_at_once_never_write_over_each_other(home: Path) -> None:  # noqa: F811
    processes = {seed: started(home, seed) for seed in (1, 2, 3)}
    time.sleep(1.5)
    told = {seed: killed(process) for seed, process in processes.items()}
    vault_index._known.clear()
    assert list(vault.damages()) == []
    for seed, lines in told.items():
        there = {each.sha256 for each in vault.listed(f"writer {seed}") if each.complete}
        gone = {line[1] for line in lines if line[0] == "discarding"}
        kept = {sha(content_of(int(line[1]))) for line in lines if line[0] == "kept"}
        assert len(kept) > 3 and kept - gone <= there
        for number in [int(line[1]) for line in lines if line[0] == "kept"]:
            if sha(content_of(number)) not in gone:
                assert read(sha(content_of(number))) == content_of(number)
