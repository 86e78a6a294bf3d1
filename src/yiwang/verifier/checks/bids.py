"""Checks on documents, custody and opening: the opening is redone from the published keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.kernel.canonical import digest
from yiwang.kernel.text import Text
from yiwang.seal.causes import WHOSE_TEXT, Whose
from yiwang.seal.manifest import Custodians
from yiwang.verifier.checks import reopening
from yiwang.verifier.checks.closing import record_of
from yiwang.verifier.dossier import BIDS, DOCUMENTS, Dossier
from yiwang.verifier.report import Outcome, later, outcome


def files_of(dossier: Dossier) -> dict[str, int]:
    """The files that the acts ask for: name to size in bytes."""
    wanted = {}
    for item in documents_of(dossier):
        wanted[DOCUMENTS + item["sha256"]] = item["size"]
    for bid in record_of(dossier).get("bids", []):
        if (bid["fault"] or {}).get("whose") != "center" or BIDS + bid["envelope_sha256"] in dossier.archive.entries:
            wanted[BIDS + bid["envelope_sha256"]] = bid["envelope_size"]
    return wanted


def documents_of(dossier: Dossier) -> list[dict[str, Any]]:
    """The documents that the notice lists; before it, those whose attaching is disclosed."""
    notice = dossier.notice
    found = (
        notice.public["documents"]
        if notice
        else [act.public["document"] for act in dossier.all("tender.attach_document")]
    )
    return list(found)


def contents(dossier: Dossier) -> Outcome:
    """Documents and sealed bids are those that the acts name by hash and size, all of them and no other."""
    wanted = files_of(dossier)
    have = {name: entry for name, entry in dossier.archive.entries.items() if name.startswith((DOCUMENTS, BIDS))}
    faults = [Text(f"缺少 {name}", f"{name} is missing") for name in sorted(wanted.keys() - have.keys())]
    faults += [Text(f"{name} 没有任何行为提到", f"no act names {name}") for name in sorted(have.keys() - wanted.keys())]
    for name in sorted(wanted.keys() & have.keys()):
        if have[name].sha256 != name.split("/")[1] or have[name].size != wanted[name]:
            faults.append(
                Text(
                    f"{name}：内容的 SHA-256 或大小与行为所载不符", f"{name}: SHA-256 or size is not what the act says"
                )
            )
    listed = {item["sha256"]: item for item in documents_of(dossier)}
    for act in dossier.all("tender.attach_document"):
        if listed.get(act.public["document"]["sha256"]) != act.public["document"]:
            faults.append(Text(f"{act}：公告没有列出这份文件", f"{act}: the notice does not list this document"))
    documents = len(listed)
    return outcome(
        faults,
        Text(
            f"{documents} 份招标文件、{len(wanted) - documents} 份密封投标文件",
            f"{documents} documents, {len(wanted) - documents} sealed bids",
        ),
    )


def custodians_of(dossier: Dossier) -> Custodians:
    """The custodians' public keys as their acts gave them, with the threshold of the appointment."""
    appointed = dossier.all("custody.appoint")[-1]
    given = {act.public["position"]: act.public["recipient"] for act in dossier.all("custody.provide_key")}
    return Custodians(tuple(given[n] for n in sorted(given)), appointed.public["threshold"])


def opening(dossier: Dossier) -> Outcome:
    """All bids are opened again with the released keys; price, content, signature and faults are as recorded."""
    opened = dossier.last("opening.open")
    if opened is None:
        return later("尚未开标", "bids are not opened yet")
    record, faults = opened.public["record"], []
    if digest(record) != opened.public["record_sha256"]:
        faults.append(Text("开标记录与其摘要不符", "the opening record does not give its digest"))
    released = {act.public["position"]: act.public["identity"] for act in dossier.all("opening.release_key")}
    if record["identities"] != [{"position": p, "identity": released[p]} for p in sorted(released)]:
        faults.append(Text("开标记录所载密钥不是公布的密钥", "the record's keys are not those released"))
    custodians = custodians_of(dossier)
    dossier.scratch["signers"] = set()
    faults += reopening.faults(dossier, record, released, custodians, opened)
    fine = sum(bid["fault"] is None for bid in record["bids"])
    found = outcome(
        faults,
        Text(
            f"{len(record['bids'])} 份重新打开，{fine} 份有效，报价与记录一致",
            f"{len(record['bids'])} opened again, {fine} sound, prices as recorded",
        ),
    )
    return Outcome(found.status, (*found.details, *_unsound(record)))


def _unsound(record: dict[str, Any]) -> Iterator[Text]:
    """What the record itself says of bids that did not open; nobody should have to look for it."""
    for bid in (*record["bids"], *record.get("undelivered", ()), *record.get("returned", ())):
        if bid["fault"] is not None:
            whose, said = WHOSE_TEXT[Whose(bid["fault"]["whose"])], bid["fault"]
            yield Text(
                f"注意：{bid['tenderer_name']} 的投标没有开出（{whose.zh}）：{said['zh']}",
                f"note: the bid of {bid['tenderer_name']} did not open ({whose.en}): {said['en']}",
            )
