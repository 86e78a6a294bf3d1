"""docs/evidence.md: every example on it is recomputed, its tables fit real dossiers, and a verifier made from it works."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from yiwang.kernel.canonical import canonical
from yiwang.modules.bids.fold import Told, fold
from yiwang.tlog.policy import parse as parse_policy
from yiwang.verifier import archive as archives
from yiwang.verifier.catalogue import CHECKS
from yiwang.verifier.checks.clock import FROM_ACTS
from yiwang.verifier.checks.parties import MAY_BE_SIGNED, SIGNED
from yiwang.verifier.checks.witnessed import WAITS
from yiwang.verifier.trust import CANNOT_TELL
from yiwang.verifier.words import ACTS

from .conftest import Played
from .independent import log, tender
from .independent.whole import verify

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "evidence.md").read_text("utf-8")
EXAMPLES: dict[str, dict[str, Any]] = {
    example.pop("example"): example
    for example in map(json.loads, re.findall(r'```json\n(\{"example".*?)\n```', PAGE, re.DOTALL))
}


def _hex(values: list[str]) -> list[bytes]:
    return [bytes.fromhex(value) for value in values]


def canonical_(e: dict[str, Any]) -> None:
    assert log.canonical(e["value"]).decode() == e["bytes"] and log.digest(e["value"]) == e["digest"]
    assert canonical(e["value"]).decode() == e["bytes"]


def entry(e: dict[str, Any]) -> None:
    assert log.entry_of(bytes.fromhex(e["salt"]), log.canonical(e["act"])).hex() == e["entry"]


def tree(e: dict[str, Any]) -> None:
    leaves = [log.leaf_hash(each) for each in _hex(e["entries"])]
    assert [log.root_of(leaves[:n]).hex() for n in range(len(leaves) + 1)] == e["roots"]


def inclusion(e: dict[str, Any]) -> None:
    leaf, path, root = log.leaf_hash(bytes.fromhex(e["entry"])), _hex(e["path"]), bytes.fromhex(e["root"])
    log.check_inclusion(e["index"], e["size"], leaf, path, root)
    for index, proof in ((e["index"] + 1, path), (e["index"], path[:-1]), (e["index"], [*path, root])):
        with pytest.raises(log.Wrong):
            log.check_inclusion(index, e["size"], leaf, proof, root)


def consistency(e: dict[str, Any]) -> None:
    old, new, path = bytes.fromhex(e["old_root"]), bytes.fromhex(e["new_root"]), _hex(e["path"])
    log.check_consistency(e["old"], e["new"], old, new, path)
    for proof in (path[:-1], [*path, old], path[::-1]):
        with pytest.raises(log.Wrong):
            log.check_consistency(e["old"], e["new"], old, new, proof)


def tiles(e: dict[str, Any]) -> None:
    size = e["size"]
    made = [log.tile_path(0, 0), log.tile_path(0, 272), log.tile_path(0, size // 256, size % 256), log.tile_path(1, 0),
            log.tile_path(1, size // 65536, size // 256 % 256), log.tile_path(2, 0, size // 65536),
            log.tile_path("entries", size // 256, size % 256)]  # fmt: skip
    assert made == e["paths"] and {name: log.tile_path(0, int(name)) for name in e["far"]} == e["far"]
    assert log.bundle(_hex(e["entries"])).hex() == e["bundle"]


def key(e: dict[str, Any]) -> None:
    assert log.read_key(e["vkey"]) == log.Key(e["name"], e["type"], bytes.fromhex(e["public_key"]))


def checkpoint(e: dict[str, Any]) -> None:
    head = log.open_note(e["note"].encode(), [log.read_key(text) for text in e["keys"]], strict=True)
    assert (head.origin, head.size, head.root.hex()) == (e["origin"], e["size"], e["root"])


def cosignature(e: dict[str, Any]) -> None:
    witness = log.read_key(e["key"])
    head = log.open_note(e["note"].encode(), [witness], strict=False)
    assert head.times == {witness.name: e["time"]}
    body, time = e["note"].split("\n\n")[0].encode() + b"\n", e["time"].to_bytes(8, "big")
    assert log.cosigned(time, body).decode() == e["signed"]
    assert log.subtree(witness.name, time, body).hex() == e["mldsa_message"]


def policy(e: dict[str, Any]) -> None:
    own = log.read_policy(e["policy"].encode())
    parse_policy(e["policy"].encode())
    for suffix in ("", "_without_witness"):
        head = log.open_note(e["note" + suffix].encode(), [*own.logs, *own.witnesses.values()], strict=False)
        assert own.met(head.signers) is e["met" + suffix]


def receipt(e: dict[str, Any]) -> None:
    keys = [log.read_key(text) for text in e["keys"]]
    assert log.check_receipt(e["receipt"].encode(), keys)["act"] == e["act"]
    with pytest.raises(log.Wrong):
        log.check_receipt(e["receipt"].replace("index 0", "index 1").encode(), keys)


def archive(e: dict[str, Any]) -> None:
    files = {name: text.encode() for name, text in e["files"].items()}
    assert tender.write_archive(files).hex() == e["hex"] and tender.read_archive(bytes.fromhex(e["hex"])) == files


def statement(e: dict[str, Any]) -> None:
    assert tender.statement(e["kind"], e["content"]).decode() == e["message"]
    assert tender.signed(e["public"], e["kind"], e["content"], e["signature"])
    assert not tender.signed(e["public"], "contract", e["content"], e["signature"])


def commitment(e: dict[str, Any]) -> None:
    assert tender.bid_commitment(e) == e["commitment"]


def set_root(e: dict[str, Any]) -> None:
    assert tender.set_root(e["domain"].encode(), e["hashes"]) == e["root"]
    assert tender.set_root(e["domain"].encode(), []) == e["of_none"]


def bytes_until(e: dict[str, Any]) -> None:
    assert tender.bytes_until(e["deadline"], e["upload_grace_minutes"]) == datetime.fromisoformat(e["bytes_until"])


def standings(e: dict[str, Any]) -> None:
    assert tender.standings(e["acts"]) == {name: e[name] for name in ("bids", "replaced", "undelivered")}
    told = [Told(f"bid.{act.split()[0]}", act.split()[-1], "one") for act in e["acts"] if act != "close"]
    found = fold(told)
    assert [name for name, standing in found.items() if standing == "submitted"] == e["bids"]
    assert [name for name, standing in found.items() if standing == "committed"] == e["undelivered"]


def keybox(e: dict[str, Any]) -> None:
    assert tender.unbox(log.unbase64(e["box"]), e["identities"]) == e["one_time"]
    with pytest.raises(Exception, match="No matching keys"):
        tender.unbox(log.unbase64(e["box"]), e["identities"][::-1])


def padding(e: dict[str, Any]) -> None:
    assert {size: tender.padded(int(size)) for size in e} == e


def drbg(e: dict[str, Any]) -> None:
    stream = tender.Drbg(bytes.fromhex(e["seed"]), e["personalization"].encode())
    assert [f"{stream.eight():016x}" for _ in e["numbers"]] == e["numbers"]
    assert tender.permutation(10, bytes.fromhex(e["seed"])) == e["permutation_of_10"]


def draw(e: dict[str, Any]) -> None:
    leaves = [log.sha256(bytes.fromhex(each["salt"]) + each["code"].encode()).hex() for each in e["experts"]]
    assert leaves == [each["leaf"] for each in e["experts"]] == sorted(leaves)
    assert tender.set_root(b"draw-list/v1\n", leaves) == e["list_root"]
    shares = {side: log.sha256(b"draw-share/v1\n" + bytes.fromhex(share)).hex() for side, share in e["shares"].items()}
    assert shares == e["commitments"]
    seed = tender.draw_seed(e["list_root"], e["process"], e["shares"], e["beacon"])
    assert seed.hex() == e["seed"] and tender.permutation(len(leaves), seed) == e["order"]
    assert tender.seats_of(e["process"], seed, []) == e["seats"]
    assert tender.seats_of(e["process"], seed, e["declined"]) == e["seats_afterwards"] != e["seats"]


CHECKED: dict[str, Callable[[dict[str, Any]], None]] = {
    "canonical": canonical_, "entry": entry, "tree": tree, "inclusion": inclusion, "consistency": consistency, "tiles": tiles,
    "key": key, "checkpoint": checkpoint, "cosignature": cosignature, "policy": policy, "receipt": receipt, "archive": archive,
    "statement": statement, "commitment": commitment, "set_root": set_root, "bytes_until": bytes_until,
    "standings": standings, "keybox": keybox, "padding": padding,
    "drbg": drbg, "draw": draw,
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(EXAMPLES.keys() | CHECKED.keys()))
def test_example(name: str) -> None:
    CHECKED[name](EXAMPLES[name])


def test_the_page_names_what_the_verifier_does() -> None:
    for check in ("archive", "checkpoint", "policy", *(check.id for check in CHECKS)):
        assert f"`{check}`" in PAGE.split("## 13.")[1].split("## 14.")[0], check
    assert all(f"`{act}`" in PAGE.split("| `witnessed` |")[1].split("\n")[0] for act in WAITS)
    for text in CANNOT_TELL:
        assert text.en in PAGE
    for act, events in FROM_ACTS.items():
        assert all(f"| `{event}` | of the last `{act}` |" in PAGE for event in events)
    for act, kind in {**SIGNED, **MAY_BE_SIGNED}.items():
        assert f"| `{act}` | `{kind}` |" in PAGE


def _table() -> dict[str, tuple[set[str], set[str]]]:
    """Act to keys that it always has and keys that it may have, as section 8 lists them."""
    section = PAGE.split("## 8.")[1].split("Nested values")[0]
    rows = dict(re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \| (.*) \|$", section, re.MULTILINE))
    keys = {act: re.findall(r"(?:^|[,;:] )`([a-z0-9_]+)`(\??)", text) for act, text in rows.items()}
    found = {act: ({k for k, q in listed if not q}, {k for k, q in listed}) for act, listed in keys.items()}
    found["tender.publish"] = tuple(
        one | two for one, two in zip(found["tender.publish"], found["tender.enter"], strict=True)
    )
    found["tender.invite"] = tuple(
        one | two for one, two in zip(found["tender.publish"], found["tender.invite"], strict=True)
    )
    award = {"bid", "price", "rank", "tender", "tenderer", "tenderer_name", "title", "reason"}
    found["award.decide"] = (award, found["award.decide"][1] | award | {"joint"})
    found["tender.fail"] = ({"reason"}, found["tender.fail"][1] | {"reason"})
    return found


@pytest.mark.django_db
def test_the_table_of_acts_fits_every_act(played: Played) -> None:
    table, seen = _table(), set()
    for path in sorted(played.folder.glob("*.zip")):
        with archives.read(path) as archive:
            for row in json.loads(archive.read("acts.json")):
                if "act" in row:
                    name, keys = row["act"]["act"], set(row["act"]["public"])
                    always, ever = table[name]
                    assert always <= keys <= ever, (name, keys ^ always)
                    seen.add(name)
    assert {act for act in set(table) - seen if not act.startswith((*SCORED, *ELSEWHERE))} == set()
    assert set(table) == ACTS.keys()


SCORED = ("coefficient.commit", "coefficient.reveal", "evaluation.correct_sheet", "evaluation.ask_price", "evaluation.explain_price",
          "evaluation.judge_price", "evaluation.correct_price", "evaluation.quantify", "evaluation.vote_price", "evaluation.confirm_price",
          "award.seat", "award.vote", "award.commit_lots", "award.reveal_lots", "draw.forfeit", "coefficient.forfeit",
          "award.forfeit_lots")  # fmt: skip
"""Acts that tests/journeys/test_scored_methods and test_withheld_shares play."""
ELSEWHERE = ("tender.invite", "invitees.", "tender.suspend", "tender.resume", "deadline.follow",
             "admission.decide", "draw.carry", "draft.", "review.", "hall.",
             "objection.raise", "objection.withdraw", "complaint.", "bid.withdraw", "negotiation.", "source.", "framework.")  # fmt: skip
"""Acts, or all of a noun, of other procedures and other days, which the journeys and the hall's tests play."""


@pytest.mark.django_db
def test_a_verifier_made_from_the_page_agrees(played: Played) -> None:
    for path in sorted(played.folder.glob("*.zip")):
        assert list(verify(path.read_bytes())) == [], path.name
    policy = (played.folder / "own.policy").read_bytes()
    assert list(verify((played.folder / "witnessed.zip").read_bytes(), policy)) == []
    assert list(verify(played.at("archived").read_bytes(), policy)) == ["policy: not enough witnesses"]


@pytest.mark.django_db
def test_it_notices_tampering(played: Played) -> None:
    """Each file of a dossier with one byte changed, first as it is, then with the manifest mended as a forger would."""
    files = tender.read_archive((played.folder / "witnessed.zip").read_bytes())
    one_of_each = {name.split("/")[0]: name for name in files}
    for name in set(one_of_each.values()) - {"README.txt"}:
        data = bytearray(files[name])
        data[len(data) // 2] ^= 1
        changed = {**files, name: bytes(data)}
        assert list(verify(tender.write_archive(changed))), name
        if name not in ("manifest.json", "policy"):
            value = json.loads(files["manifest.json"])
            value["files"][name] = {"sha256": log.sha256(bytes(data)).hex(), "size": len(data)}
            mended = tender.write_archive({**changed, "manifest.json": log.canonical(value)})
            assert any(not fault.startswith("archive") for fault in verify(mended)), name
    assert list(verify(tender.write_archive(files)[:-1])) and list(verify(b""))
