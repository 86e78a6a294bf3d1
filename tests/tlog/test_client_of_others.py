"""A C2SP client that others wrote (filippo.io/torchwood) walks our log on a plain file server and checks our receipts.

See go-client/. It knows no ML-DSA-44 yet (its next version does), so policies here name the Ed25519 keys.
"""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.tlog.outside import program
from tests.tlog.parsers import LOG_KEY, cases

from yiwang.kernel.errors import BadInput
from yiwang.tlog import layout
from yiwang.tlog import note as notes
from yiwang.tlog import policy as policies
from yiwang.tlog import proof as proofs
from yiwang.tlog.checkpoint import Checkpoint, sign_checkpoint
from yiwang.tlog.cosignature import Ed25519Cosigner
from yiwang.tlog.keys import LogKeys
from yiwang.tlog.tiles import TileLog

SIZE = 1500


def entry(number: int) -> bytes:
    return sha256(b"act %d" % number).digest() * (number % 3)


def publish(log: TileLog, keys: LogKeys) -> None:
    log.publish(sign_checkpoint(Checkpoint(keys.name, log.size, log.root()), keys))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, keys: LogKeys) -> tuple[Path, TileLog]:
    """A folder that will be served, with the log in ``log``: written in several batches, as a running center does."""
    home = tmp_path_factory.mktemp("site")
    log = TileLog(home / "log")
    for stop in (1, 200, 256, 700, 1499, SIZE):
        log.append([entry(n) for n in range(log.size, stop)])
        publish(log, keys)
    return home, log


@pytest.fixture(scope="module")
def address(site: tuple[Path, TileLog]) -> Iterator[str]:
    """``python -m http.server`` in that folder: no code of ours answers."""
    words = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", str(site[0])]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        found = re.search(r"port (\d+)", server.stdout.readline())
        assert found is not None
        yield f"http://127.0.0.1:{found[1]}"
        server.terminate()


def walk(url: str, keys: LogKeys) -> subprocess.CompletedProcess[str]:
    words = [str(program("go-client")), "walk", url, str(keys.vkeys()[0])]
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)


def test_it_walks_and_verifies_the_whole_log(site: tuple[Path, TileLog], address: str, keys: LogKeys) -> None:
    done = walk(f"{address}/log", keys)
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert (found["origin"], found["size"]) == (keys.name, SIZE)
    assert base64.b64decode(found["root"]) == site[1].root()
    assert base64.b64decode(found["entries"]) == sha256(b"".join(entry(n) for n in range(SIZE))).digest()


def flip(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def drop_one_entry(file: Path) -> None:
    kept = layout.split_bundle(file.read_bytes())[:-1]
    file.write_bytes(b"".join(map(layout.frame, kept)))


def swap_two_entries(file: Path) -> None:
    first, second, *rest = layout.split_bundle(file.read_bytes())
    file.write_bytes(b"".join(map(layout.frame, (second, first, *rest))))


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


@pytest.mark.parametrize(
    ("name", "act"),
    [
        ("tile/entries/000", flip),
        ("tile/entries/002", swap_two_entries),
        ("tile/entries/004", cut),
        ("tile/entries/005.p/220", flip),
        ("tile/entries/005.p/220", drop_one_entry),
        ("tile/entries/003", Path.unlink),
        ("tile/0/001", flip),
        ("tile/0/004", cut),
        ("tile/0/005.p/220", flip),
        ("tile/1/000.p/5", flip),
        ("checkpoint", cut),
        ("checkpoint", Path.unlink),
    ],
)
def test_it_refuses_a_tampered_copy(
    site: tuple[Path, TileLog], address: str, keys: LogKeys, name: str, act: Callable[[Path], None]
) -> None:
    home, log = site
    copy = home / f"{name.replace('/', '-')}-{act.__name__}"
    shutil.copytree(log.directory, copy)
    act(copy / name)
    done = walk(f"{address}/{copy.name}", keys)
    assert done.returncode == 1 and done.stderr and not done.stdout


def test_it_refuses_a_rewritten_log_that_another_key_signed(
    site: tuple[Path, TileLog], address: str, keys: LogKeys
) -> None:
    forger = LogKeys.create(keys.name)
    forged = TileLog(site[0] / "forged")
    forged.append([entry(n) for n in range(10)])
    publish(forged, forger)
    assert walk(f"{address}/forged", forger).returncode == 0
    assert walk(f"{address}/forged", keys).returncode == 1


# Receipts (tlog-proof) under policies (tlog-policy)

WITNESSES = [Ed25519Cosigner(f"w{n}.example", Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32)) for n in (1, 2, 3)]


def receipts(tasks: list[dict[str, bytes]]) -> list[bool]:
    """Whether it accepts each."""
    lines = [json.dumps({key: base64.b64encode(value).decode() for key, value in task.items()}) for task in tasks]
    words = [str(program("go-client")), "receipts"]
    done = subprocess.run(words, input="\n".join(lines), capture_output=True, text=True, check=True, timeout=60)
    assert len(done.stdout.splitlines()) == len(tasks)
    return [line == "" for line in done.stdout.splitlines()]


def ours(task: dict[str, bytes]) -> bool:
    """Our own verdict."""
    try:
        proofs.verify(proofs.parse(task["proof"]), task["entry"], policies.parse(task["policy"]))
    except BadInput:
        return False
    return True


def policy(log_key: object, quorum: str) -> bytes:
    witnesses = "".join(f"witness {key.name} {key.vkey} https://{key.name}\n" for key in WITNESSES)
    names = " ".join(key.name for key in WITNESSES)
    group = f"group {quorum} {quorum} {names}\n" if quorum in ("2", "all") else ""
    return f"log {log_key}\n{witnesses}{group}quorum {quorum}\n".encode()


def test_it_accepts_our_receipts_under_the_quorums_that_they_have(site: tuple[Path, TileLog], keys: LogKeys) -> None:
    log, tasks, expected = site[1], [], []
    text, signed = notes.parse(sign_checkpoint(Checkpoint(keys.name, log.size, log.root()), keys))
    for count in range(4):
        note = notes.sign(text, WITNESSES[:count], signed)
        for index in (0, 255, 256, 1024, SIZE - 1):
            receipt = proofs.Proof(index, tuple(log.inclusion_proof(index)), note, b"more" if index else None).format()
            for quorum, enough in (("none", 0), ("w1.example", 1), ("2", 2), ("all", 3)):
                for item in (entry(index), b"another"):
                    tasks.append({"policy": policy(keys.vkeys()[0], quorum), "proof": receipt, "entry": item})
                    expected.append(count >= enough and item == entry(index))
    assert receipts(tasks) == expected == [ours(task) for task in tasks]


LAXER = {"an index with a zero before"}
"""Inputs of the corpus that torchwood accepts and we do not: the specification has no leading zeroes."""


def test_it_and_we_agree_on_the_kept_receipts() -> None:
    kept = cases("proof")
    tasks = [{"policy": f"log {LOG_KEY}\nquorum none\n".encode(), "proof": case["data"], "entry": b"entry 3"} for case in kept]
    differ = {case["what"] for case, theirs, task in zip(kept, receipts(tasks), tasks, strict=True) if theirs != ours(task)}
    assert differ == LAXER
    assert sum(map(ours, tasks)) > 2
