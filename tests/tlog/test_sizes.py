"""Logs at the borders of tiles and levels, byte by byte, judged by a second method and by the code of others (x/mod)."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from tests.tlog.independent import Tree, path
from tests.tlog.outside import ask

from yiwang.tlog import merkle
from yiwang.tlog.checkpoint import Checkpoint, sign_checkpoint
from yiwang.tlog.errors import LogDamaged, ProofError
from yiwang.tlog.keys import LogKeys
from yiwang.tlog.tiles import TileLog

SIZES = (0, 1, 255, 256, 257, 65_535, 65_536, 65_537)
INDEXES = (0, 1, 127, 128, 254, 255, 256, 257, 32_767, 32_768, 65_279, 65_280, 65_534, 65_535, 65_536)


def entry(number: int) -> bytes:
    """Entries of 0, 32 and 64 bytes."""
    return sha256(b"entry %d" % number).digest() * (number % 3)


TREE = Tree(entry)


@dataclass(frozen=True)
class Grown:
    """One log that grew through all sizes, with a copy of its folder at each."""

    log: TileLog
    folders: dict[int, Path]
    vkey: str


@cache
def must_have(size: int) -> dict[str, bytes]:
    """Every file that must be served at a size."""
    return TREE.files(size)


def publish(log: TileLog, keys: LogKeys) -> None:
    log.publish(sign_checkpoint(Checkpoint(keys.name, log.size, log.root()), keys))


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory, keys: LogKeys) -> Grown:
    home = tmp_path_factory.mktemp("sizes")
    log, folders = TileLog(home / "log"), {}
    for size in SIZES:
        log.append([entry(n) for n in range(log.size, size)])
        publish(log, keys)
        folders[size] = Path(shutil.copytree(log.directory, home / str(size), ignore=shutil.ignore_patterns(".lock")))
    return Grown(log, folders, str(keys.vkeys()[0]))


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in (folder / "tile").rglob("*") if p.is_file()}


@pytest.mark.parametrize("size", SIZES)
def test_the_root_is_that_of_the_plain_recursion(grown: Grown, size: int) -> None:
    opened = TileLog(grown.folders[size])
    opened.check(max(0, size - 1000))
    assert (opened.size, opened.root()) == (size, TREE.root(0, size))
    assert grown.log.root(size) == TREE.root(0, size)


@pytest.mark.parametrize("size", SIZES)
def test_every_file_is_what_the_specification_says(grown: Grown, size: int) -> None:
    have, must = files_of(grown.folders[size]), must_have(size)
    assert {name: have.get(name) for name in must} == must
    for name in have.keys() - must.keys():  # what may stay: partial tiles whose full one is not there yet
        full, _, width = name.partition(".p/")
        later = next(other for other in must if other.startswith(f"{full}.p/"))
        assert int(width) < int(later.partition(".p/")[2])
        assert must[later].startswith(have[name])


def test_the_partial_widths_of_all_sizes(grown: Grown) -> None:
    widths = {
        0: [], 1: ["tile/0/000.p/1"], 255: ["tile/0/000.p/255"], 256: ["tile/1/000.p/1"],
        257: ["tile/0/001.p/1", "tile/1/000.p/1"], 65_535: ["tile/0/255.p/255", "tile/1/000.p/255"],
        65_536: ["tile/2/000.p/1"], 65_537: ["tile/0/256.p/1", "tile/2/000.p/1"],
    }  # fmt: skip
    for size, names in widths.items():
        assert sorted(name for name in must_have(size) if ".p/" in name and "entries" not in name) == names
        assert all((grown.folders[size] / name).stat().st_size == 32 * int(name.split("/")[-1]) for name in names)
    assert (grown.folders[65_536] / "tile/1/000").stat().st_size == 8192


def test_proofs_are_those_of_the_plain_recursion(grown: Grown) -> None:
    for size in SIZES[1:]:
        for index in (n for n in INDEXES if n < size):
            assert grown.log.inclusion_proof(index, size) == TREE.path(index, 0, size)
        for old in (n for n in SIZES[1:] if n <= size):
            assert grown.log.consistency_proof(old, size) == TREE.proof(old, size)


def test_one_writer_and_the_batches_of_another_give_the_same_files(grown: Grown, tmp_path: Path) -> None:
    log = TileLog(tmp_path / "log")
    for stop in (100, 256, 300, 511, 700):
        log.append([entry(n) for n in range(log.size, stop)])
    have = files_of(log.directory)
    assert {name: have.get(name) for name in TREE.files(700)} == TREE.files(700)
    assert log.root() == grown.log.root(700)


# The code of others: golang.org/x/mod/sumdb, packaged by the distribution


def proof_tasks(log: TileLog, sizes: tuple[int, ...], indexes: tuple[int, ...], item: Callable[[int], bytes]) -> list[dict[str, Any]]:  # fmt: skip
    """Every proof of these indexes and sizes, made by our log, as tasks for x/mod."""
    tasks: list[dict[str, Any]] = []
    for size in sizes:
        root = log.root(size)
        for index in (n for n in indexes if n < size):
            proof = log.inclusion_proof(index, size)
            tasks.append({"do": "record", "proof": proof, "size": size, "root": root, "index": index, "entry": item(index)})
        for old in (n for n in sizes if n <= size):
            proof = log.consistency_proof(old, size)
            tasks.append({"do": "tree", "proof": proof, "size": size, "root": root, "old": old, "oldRoot": log.root(old)})
    return tasks


def test_x_mod_walks_every_size_and_builds_the_same_roots(grown: Grown) -> None:
    tasks = [{"do": "log", "folder": folder, "vkey": grown.vkey} for folder in grown.folders.values()]
    tasks.append({**tasks[-1], "sizes": SIZES[1:]})
    *answers, last = ask(tasks)
    for size, answer in zip(SIZES, answers, strict=True):
        assert (answer.get("error"), answer["size"]) == (None, size)
        assert base64.b64decode(answer["root"]) == TREE.root(0, size)
    assert [base64.b64decode(root) for root in last["roots"]] == [grown.log.root(size) for size in SIZES[1:]]


def test_x_mod_accepts_our_proofs(grown: Grown) -> None:
    tasks = proof_tasks(grown.log, SIZES[1:], INDEXES, entry)
    assert len(tasks) > 80
    assert [answer.get("error") for answer in ask(tasks)] == [None] * len(tasks)


def spoil(task: dict[str, Any]) -> list[dict[str, Any]]:
    """The same task with one thing wrong, in each way."""
    proof = task["proof"]
    flipped = [{**task, "proof": [*proof[:i], bytes([h[0] ^ 1]) + h[1:], *proof[i + 1 :]]} for i, h in enumerate(proof)]
    shorter = [{**task, "proof": proof[:-1]}, {**task, "proof": proof[1:]}] if proof else []
    other = [{**task, "proof": [*proof, bytes(32)]}, {**task, "root": bytes(32)}]
    if task["do"] == "record":
        other += [{**task, "index": task["index"] ^ 1}, {**task, "entry": task["entry"] + b"x"}]
    else:
        other += [{**task, "oldRoot": bytes(32)}]
    return [*flipped, *shorter, *other]


def accepts(task: dict[str, Any]) -> bool:
    """Our own verdict on a task."""
    try:
        if task["do"] == "record":
            leaf = merkle.leaf_hash(task["entry"])
            merkle.verify_inclusion(task["index"], task["size"], leaf, task["proof"], task["root"])
        else:
            merkle.verify_consistency(task["old"], task["size"], task["oldRoot"], task["root"], task["proof"])
    except ProofError:
        return False
    return True


def test_x_mod_and_we_refuse_the_same_spoilt_proofs(grown: Grown) -> None:
    good = proof_tasks(grown.log, (1, 256, 257, 65_537), (0, 255, 256, 65_536), entry)
    bad = [spoilt for task in good for spoilt in spoil(task)]
    assert all(map(accepts, good)) and not any(map(accepts, bad))
    assert all("error" in answer for answer in ask(bad))


def damage(folder: Path) -> dict[str, bytes | None]:
    """Each file of a log with a bit flipped, cut, or away; entries swapped."""
    found: dict[str, bytes | None] = {}
    for name, content in files_of(folder).items():
        found[f"{name} flipped"] = content[:-1] + bytes([content[-1] ^ 1])
        found[f"{name} cut"] = content[:-1]
        found[f"{name} shorter"] = content[:-32]
        found[f"{name} away"] = None
    return found


def test_x_mod_and_we_find_every_damaged_file(grown: Grown, tmp_path: Path, keys: LogKeys) -> None:
    source = TileLog(Path(shutil.copytree(grown.folders[257], tmp_path / "source")))
    source.append([entry(n) for n in range(257, 300)])
    publish(source, keys)
    for name in ("0/001.p/1", "entries/001.p/1"):
        (source.directory / "tile" / name).unlink()
    tasks = []
    for number, (what, content) in enumerate(damage(source.directory).items()):
        folder = Path(shutil.copytree(source.directory, tmp_path / str(number)))
        file = folder / what.split(" ")[0]
        file.unlink() if content is None else file.write_bytes(content)
        tasks.append({"do": "log", "folder": folder, "vkey": grown.vkey})
        with pytest.raises(LogDamaged):
            TileLog(folder).check()
    assert len(tasks) == 5 * 4
    answers = ask([{**tasks[0], "folder": source.directory}, *tasks])
    assert ["error" in answer for answer in answers] == [False] + [True] * len(tasks)


def test_x_mod_refuses_a_checkpoint_of_another_log_or_key(grown: Grown, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(grown.folders[257], tmp_path / "log"))
    ours = LogKeys.create("other.example")
    head = Checkpoint("other.example", 257, TREE.root(0, 257))
    (folder / "checkpoint").write_bytes(sign_checkpoint(head, ours))
    answers = ask({"do": "log", "folder": folder, "vkey": vkey} for vkey in (grown.vkey, str(ours.vkeys()[0])))
    assert "error" in answers[0] and "error" not in answers[1]


# 2**24 + 1 entries, of which only the files that proofs touch are there

HUGE = 2**24
TOUCHED = (0, 255, 256, 65_535, 65_536, 65_537, 2**23 - 1, 2**23, 2**24 - 257, 2**24 - 256, 2**24 - 1)
OLDER = (1, 256, 257, 65_537, 2**23, 2**23 + 1, 2**24 - 1, 2**24)


def huge_entry(number: int) -> bytes:
    """All alike but for their place in their bundle, and those in TOUCHED, which are like no other."""
    return b"touched %d" % number if number in TOUCHED else b"%d" % (number % 256)


def huge_key(start: int, stop: int) -> object:
    unlike = [n for n in (*TOUCHED, HUGE) if start <= n < stop]
    return (start, stop) if unlike else ("alike", start % 256, stop - start)


@pytest.fixture(scope="module")
def huge(tmp_path_factory: pytest.TempPathFactory, keys: LogKeys) -> tuple[TileLog, Tree]:
    tree, folder = Tree(huge_entry, huge_key), tmp_path_factory.mktemp("huge")
    made = {path("entries", n // 256, 256): tree.bundle(n // 256, 256) for n in TOUCHED}
    for level in range(3):
        numbers = {n // 256 ** (level + 1) for n in TOUCHED}
        made.update({path(level, number, 256): tree.tile(level, number, 256) for number in numbers})
    made[path(3, 0, 1)] = tree.tile(3, 0, 1)
    made["state"] = f'{{"root": "{tree.root(0, HUGE).hex()}", "size": {HUGE}}}\n'.encode()
    for name, content in made.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    log = TileLog(folder)
    assert log.append([huge_entry(HUGE)], at=HUGE) == range(HUGE, HUGE + 1)
    publish(log, keys)
    return log, tree


def test_a_log_of_two_to_the_twenty_fourth_and_one(huge: tuple[TileLog, Tree]) -> None:
    log, tree = huge
    size = HUGE + 1
    assert (log.size, log.root()) == (size, tree.root(0, size))
    assert TileLog(log.directory).root() == tree.root(0, size)
    must = {path(0, HUGE // 256, 1): tree.tile(0, HUGE // 256, 1), path(3, 0, 1): tree.tile(3, 0, 1)}
    assert {name: (log.directory / name).read_bytes() for name in must} == must
    for index in (*TOUCHED, HUGE):
        assert log.entry(index) == huge_entry(index)
        assert log.inclusion_proof(index) == tree.path(index, 0, size)
    for old in OLDER:
        assert log.root(old) == tree.root(0, old)
        assert log.consistency_proof(old) == tree.proof(old, size)


def test_x_mod_reads_and_proves_in_a_log_of_two_to_the_twenty_fourth_and_one(
    huge: tuple[TileLog, Tree], keys: LogKeys
) -> None:
    log, _tree = huge
    folder = {"do": "log", "folder": log.directory, "vkey": str(keys.vkeys()[0]), "leaves": [*TOUCHED, HUGE]}
    tasks = [folder, *proof_tasks(log, (*OLDER, HUGE + 1), (*TOUCHED, HUGE), huge_entry)]
    assert [answer.get("error") for answer in ask(tasks)] == [None] * len(tasks)
    bad = [spoilt for task in tasks[-40:] for spoilt in spoil(task)]
    assert not any(map(accepts, bad))
    assert all("error" in answer for answer in ask(bad))
