"""Builds a tender's dossier (案卷包): all evidence that a reader may have now, in one archive that verifies itself.

The form of the archive is the verifier's (:mod:`yiwang.verifier.dossier`); here it is filled from the log and the files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from yiwang.kernel.canonical import canonical
from yiwang.kernel.errors import NotVisible, Refused
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.evidence import files, witnessing, years
from yiwang.modules.evidence.actors import PUBLIC, Actor
from yiwang.modules.evidence.disclosure import Disclosure, Shown, disclose, is_public, stage_for
from yiwang.modules.evidence.models import Act
from yiwang.modules.evidence.sequencer import the_log
from yiwang.modules.evidence.witnessing import Seen
from yiwang.seal.shapes import to_base64
from yiwang.tlog.policy import NONE
from yiwang.tlog.tiles import TileLog
from yiwang.verifier import archive, dossier
from yiwang.verifier.checks.draw import BEACONS
from yiwang.verifier.checks.witnessed import rests_on
from yiwang.verifier.trust import policy_text

SIGNERS = "yiwang.modules.bids.audit", "signers"
"""Where the keys that signed the opened bids are told: evidence stands above bids and may not know its tables."""
ENDS = {"tender.fail", "tender.terminate"}
"""Acts that end a tender; public at once."""
_NOT_YET = Reason(
    "witness.wait",
    Text("日志还没有足够的见证人签名，案卷包暂时不能生成", "not enough witnesses have cosigned the log yet; there is no dossier for now"),
    passes=Text("见证恢复后再下载", "download it when the witnesses are back"),
)  # fmt: skip


def build(tender_number: str, actor: Actor = PUBLIC, *, out: BinaryIO | Path) -> int:
    """Write the dossier of a tender as the actor may have it now; gives its length in bytes.

    The same state of tender and log gives the same bytes.

    Raises:
        NotVisible: there is nothing that the actor may see.
        Refused: the center has witnesses, and not enough of them have cosigned any checkpoint yet.
    """
    seen = witnessing.latest()
    if seen is None and witnessing.newest() is not None:
        raise Refused(_NOT_YET)
    found = disclose(tender_number, actor, under=seen)
    if seen is None or not found.shown:
        raise NotVisible
    contents = _contents(tender_number, found, seen)
    if isinstance(out, Path):
        with out.open("wb") as file:
            return archive.write(file, contents)
    return archive.write(out, contents)


def _contents(number: str, found: Disclosure, checkpoint: Seen) -> dict[str, archive.Source]:
    shown = sorted([*found.shown, *_related(number, found, checkpoint.size)], key=lambda each: each.index)
    rows = [*map(_row, shown), *({"index": index, "entry": entry.hex()} for index, entry in found.hidden)]
    rows.sort(key=lambda row: row["index"])
    log = the_log()
    log.tiles.reload()
    earlier = _witnessed(number, rows)
    vkeys = years.vkeys_of(log.tiles.directory, log.origin, checkpoint.size, sorted(earlier))
    contents: dict[str, archive.Source] = {
        dossier.ACTS: canonical(rows),
        dossier.PROOFS: canonical(_proofs(log.tiles, rows, earlier.keys(), checkpoint.size)),
        dossier.CHECKPOINT: checkpoint.note.encode(),
        dossier.VKEYS: vkeys.encode(),
        dossier.POLICY: policy_text(vkeys, witnessing.policy_text()).encode(),
        dossier.README_NAME: dossier.README.encode(),
    }
    contents |= {f"{dossier.WITNESSED}{size}": note for size, note in earlier.items()}
    contents |= _files(shown)
    manifest = {
        "format": dossier.FORMAT,
        "tender": number,
        "size": checkpoint.size,
        "files": {name: _facts(source) for name, source in contents.items()},
    }
    contents[dossier.MANIFEST] = canonical(manifest)
    return contents


def _witnessed(number: str, rows: list[dict[str, Any]]) -> dict[int, bytes]:
    """The cosigned checkpoints, by size, that the acts which wait for witnesses had waited for."""
    policy = witnessing.policy()
    if policy is None or policy.quorum == NONE:
        return {}
    acts, hidden = dossier.read_acts(canonical(rows))
    found = {}
    for act, index in rests_on(acts, hidden, f"tender/{number}"):
        seen = witnessing.at_least(index)
        if seen is not None and seen.size <= act.index:
            found[seen.size] = seen.note.encode()
    return found


def _row(each: Shown) -> dict[str, Any]:
    act = each.act
    row = {"index": each.index, "entry": bytes(act.entry).hex(), "salt": bytes(act.salt).hex(), "act": each.content}
    return {**row, "private": act.private, "private_salt": act.private_salt} if each.private else row


def _related(number: str, found: Disclosure, size: int) -> list[Shown]:
    """Acts of other chains that the shown ones rest on: bindings of keys that signed, registrations of organisations."""
    logged = Act.objects.filter(log_entry__index__lt=size).select_related("log_entry")
    public = [each.content["public"] for each in found.shown]
    entries = {
        bytes.fromhex(each["signature"]["key_entry"]) for each in public if isinstance(each.get("signature"), dict)
    }
    keys = list(logged.filter(act="person.bind_key", entry__in=entries)) if entries else []
    opened = next((each["record"] for each in public if "record" in each), None)
    if opened is not None:
        keys += _signers(number, opened, logged.filter(act="person.bind_key"))
    keys += _of_earlier(found, logged)
    related = [Shown(act, act.log_entry.index, private=False) for act in {act.pk: act for act in keys}.values()]
    chains = {f"organisation/{uscc}" for uscc in _organisations([*found.shown, *related])}
    registered = logged.filter(act="organisation.register", subject__in=chains)
    return related + [Shown(act, act.log_entry.index, private=False) for act in registered]


def _of_earlier(found: Disclosure, logged: Any) -> list[Act]:
    """Of a later round in a chain: whom the earlier round admitted, once that is public; the draw of the committee that sits
    again, once its members are; and the earlier round's end, where this one ended with it.
    """
    said = [each.content for each in found.shown]
    begun = ("tender.publish", "tender.invite", "tender.enter")
    facts: dict[str, Any] = next((each["public"] for each in said if each["act"] in begun), {})
    chain = list(logged.filter(subject=f"tender/{facts.get('stage_of', '')}").select_related("tender").order_by("seq"))
    if not chain:
        return []
    stage = stage_for(chain[0].tender, (act.act for act in chain))
    names = {"admission.decide"} if is_public("admission.decide", stage) else set()
    if any(each["act"] == "framework.choose" for each in said):
        names.add("framework.review")
    if any("earlier" in each["public"] for each in said if each["act"] in ENDS):
        names |= ENDS
    if any(each["act"] == "draw.carry" for each in said):
        names |= {"draw.freeze_list", "draw.commit", "draw.reveal", "draw.forfeit", "draw.seat", "draw.decline"}
    return [act for act in chain if act.act in names]


def _signers(number: str, record: dict[str, Any], bound: Any) -> list[Act]:
    """The bindings of the keys that signed the opened bids, as tenderer or as member of a joint bid."""
    module, name = SIGNERS
    wanted = {*getattr(import_module(module), name)(number), *(bid.get("signer") for bid in record["bids"])}
    firms = {bid["tenderer"] for bid in record["bids"]} | {member["tenderer"] for member in _members(record)}
    candidates = bound.filter(organisation__uscc__in=firms)
    return [act for act in candidates if Shown(act, 0, private=False).content["public"]["public"] in wanted]


def _members(record: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The members of the joint bids of an opening record."""
    return (member for bid in record.get("bids", ()) for member in bid.get("joint", ()))


def _organisations(shown: Iterable[Shown]) -> set[str]:
    """Credit codes that acts name."""
    found = set()
    for each in shown:
        content = each.content
        public = content["public"]
        found.add(content["actor"]["party"])
        found.update(
            public[side]["uscc"]
            for side in ("buyer", "agency")
            if each.act.act in ("tender.enter", "tender.publish", "tender.invite") and public.get(side)
        )
        if each.act.act == "tender.invite":
            found.update(row["uscc"] for row in public["invited"])
        if each.act.act in ("bid.submit", "bid.commit"):
            found.add(public["tenderer"])
        if each.act.act == "opening.open":
            found.update(member["tenderer"] for member in _members(public["record"]))
        if each.act.act == "person.bind_key":
            found.add(public["organisation"])
    return found - {""}


def _proofs(tiles: TileLog, rows: list[dict[str, Any]], earlier: Iterable[int], size: int) -> dict[str, Any]:
    beacons = [
        row["act"]["public"]["beacon"]["size"] for row in rows if "act" in row and row["act"]["act"] in BEACONS
    ]
    return {
        "inclusion": {
            str(row["index"]): [to_base64(value) for value in tiles.inclusion_proof(row["index"], size)] for row in rows
        },
        "consistency": {
            str(old): [to_base64(value) for value in tiles.consistency_proof(old, size)] for old in {*beacons, *earlier}
        },
    }


def _files(shown: list[Shown]) -> dict[str, archive.Source]:
    """Documents, and the sealed bids that were opened. A sealed file that is lost or damaged is left out: the record says so."""
    found: dict[str, archive.Source] = {}
    public = {each.act.act: each.content["public"] for each in shown}
    attached = [each.content["public"]["document"] for each in shown if each.act.act == "tender.attach_document"]
    notice = public.get("tender.publish") or public.get("tender.invite") or {}
    for document in notice.get("documents", attached):
        found[dossier.DOCUMENTS + document["sha256"]] = files.path_of(document["sha256"])
    for name, sha256 in (notice or public.get("tender.enter", {})).get("law", {}).items():
        found[dossier.LAW + name] = files.path_of(sha256)
    for bid in public.get("opening.open", {}).get("record", {}).get("bids", []):
        path = files.path_of(bid["envelope_sha256"])
        if (bid["fault"] or {}).get("whose") != "center":
            found[dossier.BIDS + bid["envelope_sha256"]] = path
    return found


def _facts(source: archive.Source) -> dict[str, Any]:
    if isinstance(source, bytes):
        return {"size": len(source), "sha256": hashlib.sha256(source).hexdigest()}
    with source.open("rb") as file:
        return {"size": source.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
