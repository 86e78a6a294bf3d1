"""Checks on documents, custody, closing and opening: the opening is redone from the published keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.kernel.canonical import digest
from yiwang.kernel.errors import BadInput
from yiwang.kernel.text import Text
from yiwang.seal.causes import WHOSE_TEXT, SealError, Whose
from yiwang.seal.commitment import bid_commitment, commitments_root
from yiwang.seal.keys import check_identity
from yiwang.seal.manifest import Context, Custodians
from yiwang.seal.opening import Expected, open_envelope
from yiwang.verifier.dossier import BIDS, DOCUMENTS, Act, Dossier
from yiwang.verifier.report import Outcome, later, outcome

FACTS = (
    "tender",
    "lot",
    "round",
    "tenderer",
    "envelope_sha256",
    "envelope_size",
    "manifest_sha256",
    "commit_salt",
    "commitment",
)
"""What an act of submission and the opening record both say of a bid."""


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
    notice = dossier.last("tender.publish")
    found = (
        notice.public["documents"]
        if notice
        else [act.public["document"] for act in dossier.all("tender.attach_document")]
    )
    return list(found)


def record_of(dossier: Dossier) -> dict[str, Any]:
    """The opening record; {} before the opening."""
    opened = dossier.last("opening.open")
    return opened.public["record"] if opened else {}


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


def custody(dossier: Dossier) -> Outcome:
    """Every appointed custodian gave a one-time key; at least k released the secret half of just that key."""
    if not dossier.all("custody.appoint"):
        return later("密钥保管行为自开标起公开", "the acts of custody are public from the opening")
    appointed = dossier.all("custody.appoint")[-1].public
    try:
        custodians = custodians_of(dossier)
    except (BadInput, KeyError) as error:
        return outcome([Text(f"保管人公钥有误：{error}", f"the custodians' keys are unsound: {error}")], Text("", ""))
    faults = []
    people = {item["position"]: item["person"] for item in appointed["custodians"]}
    if sorted(people) != list(range(len(custodians.recipients))):
        faults.append(Text("公钥数与保管人数不符", "there are not as many keys as custodians"))
    released = dossier.all("opening.release_key")
    for act in [*dossier.all("custody.provide_key"), *released]:
        if people.get(act.public["position"]) != act.content["actor"]["person"]:
            faults.append(Text(f"{act}：不是该位置的保管人", f"{act}: is not by the custodian of that position"))
    for act in released:
        known = custodians.recipients[act.public["position"]]
        if act.public["recipient"] != known or not check_identity(act.public["identity"], known):
            faults.append(
                Text(
                    f"{act}：公布的密钥不是当初公钥的另一半",
                    f"{act}: the released key is not the other half of the key given",
                )
            )
    faults += _as_noticed(dossier, custodians)
    if dossier.last("opening.open") and len({act.public["position"] for act in released}) < custodians.k:
        faults.append(Text(f"公布的密钥不足 {custodians.k} 把", f"fewer than {custodians.k} keys were released"))
    fine = Text(f"{len(people)} 位保管人，任意 {custodians.k} 位可开标，{len(released)} 位已公布密钥",
                f"{len(people)} custodians, any {custodians.k} open, {len(released)} released their keys")  # fmt: skip
    return outcome(faults, fine)


def _as_noticed(dossier: Dossier, custodians: Custodians) -> Iterator[Text]:
    """The notice named just these keys and this threshold: to these, tenderers sealed their bids."""
    notice = dossier.last("tender.publish")
    if dossier.facts["custody_threshold"] != custodians.k:
        yield Text("公告的开标人数与指定的不同", "the notice names another threshold than the appointment")
    if notice and notice.public["custody"] != {"threshold": custodians.k, "recipients": list(custodians.recipients)}:
        yield Text("公告载明的公钥不是保管人提供的公钥", "the notice names other keys than the custodians gave")
    for act in dossier.all("custody.provide_key"):
        if notice and act.index >= notice.index:
            yield Text(f"{act}：晚于公告", f"{act}: came after the notice")


def closing_of(dossier: Dossier) -> Act | None:
    """The entry that closed bidding: the closing, or the failure for too few bids."""
    failed = [act for act in dossier.all("tender.fail") if "commitments" in act.public]
    return dossier.last("opening.close") or (failed[-1] if failed else None)


def closing(dossier: Dossier) -> Outcome:
    """Every opened bid was in the log before the closing entry and is under its root; none under it is left out."""
    close = closing_of(dossier)
    if close is None:
        return later("投标尚未截止", "bidding is not closed yet")
    faults = []
    commitments = close.public["commitments"]
    if commitments_root(commitments) != close.public["bids_root"] or len(commitments) != close.public["count"]:
        faults.append(
            Text(
                f"{close}：承诺清单与根或份数不符", f"{close}: its list of commitments does not give its root or count"
            )
        )
    record = record_of(dossier)
    if record:
        faults += _under_root(dossier, record, close)
        return outcome(
            faults,
            Text(
                f"{len(commitments)} 份投标在截止条目（第 {close.index} 号）之前且都在截止根之下",
                f"{len(commitments)} bids stand before the closing entry ({close.index}) and under its root",
            ),
        )
    return outcome(
        faults,
        Text(
            f"{len(commitments)} 份承诺与截止根一致；投标自开标起公开",
            f"{len(commitments)} commitments give the closing root; bids are public from the opening",
        ),
    )


def _under_root(dossier: Dossier, record: dict[str, Any], close: Act) -> Iterator[Text]:
    if record["bids_root"] != close.public["bids_root"]:
        yield Text("开标记录的根不是截止根", "the opening record's root is not the closing root")
    opened = [bid["commitment"] for bid in record["bids"]]
    for commitment in sorted(set(close.public["commitments"]) - set(opened)):
        yield Text(
            f"截止根下的投标 {commitment[:16]}… 没有开标",
            f"bid {commitment[:16]}… under the closing root was not opened",
        )
    for commitment in sorted(set(opened) - set(close.public["commitments"])):
        yield Text(
            f"投标 {commitment[:16]}… 不在截止根之下：迟到或事后加入",
            f"bid {commitment[:16]}… is not under the closing root: late, or slipped in",
        )
    if len(set(opened)) != len(opened):
        yield Text("同一投标列了两次", "a bid is listed twice")
    submitted = {act.subject: act for act in dossier.all("bid.submit")}
    for subject in sorted(submitted.keys() - {bid["bid"] for bid in record["bids"]}):
        yield Text(
            f"{submitted[subject]}：开标记录没有这份投标", f"{submitted[subject]}: the opening record does not list it"
        )
    for bid in record["bids"]:
        yield from _submitted(dossier, bid, submitted.get(bid["bid"]), close)


def _submitted(dossier: Dossier, bid: dict[str, Any], act: Act | None, close: Act) -> Iterator[Text]:
    if act is None:
        yield Text(f"{bid['bid']}：缺少投标行为", f"{bid['bid']}: its act of submission is missing")
        return
    if act.index >= close.index:
        yield Text(
            f"{act}：第 {act.index} 号，在截止条目（第 {close.index} 号）之后",
            f"{act}: entry {act.index}, after the closing entry {close.index}",
        )
    if act.at > close.at:
        yield Text(f"{act}：时间晚于截止条目", f"{act}: is dated after the closing entry")
    if (
        any(act.public[key] != bid[key] for key in FACTS)
        or act.public["tender"] != dossier.tender
        or act.party != bid["tenderer"]
    ):
        yield Text(f"{act}：与开标记录不一致", f"{act}: differs from the opening record")
    salt = bytes.fromhex(bid["commit_salt"])
    if (
        bid_commitment(salt, bid["lot"], bid["tenderer"], bid["envelope_sha256"], bid["manifest_sha256"])
        != bid["commitment"]
    ):
        yield Text(f"{act}：承诺不是由其内容算出的", f"{act}: its commitment does not follow from its parts")


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
    for bid in record["bids"]:
        faults += _reopened(dossier, bid, released, custodians, opened)
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
    for bid in record["bids"]:
        if bid["fault"] is not None:
            whose, said = WHOSE_TEXT[Whose(bid["fault"]["whose"])], bid["fault"]
            yield Text(
                f"注意：{bid['tenderer_name']} 的投标没有开出（{whose.zh}）：{said['zh']}",
                f"note: the bid of {bid['tenderer_name']} did not open ({whose.en}): {said['en']}",
            )


def _reopened(
    dossier: Dossier, bid: dict[str, Any], keys: dict[int, str], custodians: Custodians, opened: Act
) -> Iterator[Text]:
    name = bid["bid"]
    expected = Expected(Context(dossier.tender, bid["lot"], bid["round"]), bid["tenderer"], bid["envelope_sha256"])
    path = BIDS + bid["envelope_sha256"]
    said = (bid["fault"] or {}).get("cause")
    if path not in dossier.archive.entries:
        if (bid["fault"] or {}).get("whose") != "center":
            yield Text(f"{name}：缺少密封文件", f"{name}: the sealed file is missing")
        return
    try:
        with open_envelope(dossier.archive.open(path), keys, expected=expected) as found:
            manifest, found_sha256 = found.manifest, found.manifest_sha256
    except SealError as error:
        if (said, (bid["fault"] or {}).get("whose")) != (error.cause.value, error.whose.value):
            yield Text(
                f"{name}：打不开（{error.text.zh}），记录写的是 {said or '有效'}",
                f"{name}: does not open ({error.text.en}); the record says {said or 'sound'}",
            )
        return
    own = _signer(dossier, manifest.signer, bid["tenderer"], opened)
    sound = found_sha256 == bid["manifest_sha256"] and manifest.price is not None and own
    if manifest.custodians != custodians:
        yield Text(f"{name}：不是密封给本项目的保管人", f"{name}: is not sealed to this tender's custodians")
    if sound and said is None and manifest.price != bid["price"]:
        yield Text(
            f"{name}：密封的报价是 {manifest.price} 分，记录是 {bid['price']} 分",
            f"{name}: the sealed price is {manifest.price} fen, the record says {bid['price']}",
        )
    if sound != (said is None) or (not sound and bid["fault"]["whose"] != Whose.TENDERER):
        yield Text(
            f"{name}：重新打开的结论与记录（{said or '有效'}）不同",
            f"{name}: opening again comes to another verdict than the record ({said or 'sound'})",
        )


def _signer(dossier: Dossier, signer: str, tenderer: str, opened: Act) -> bool:
    """Whether the key inside the seal was bound, before the opening, to somebody of the tenderer."""
    dossier.scratch["signers"].add(signer)
    return any(
        act.public["public"] == signer and act.public["organisation"] == tenderer and act.index < opened.index
        for act in dossier.all("person.bind_key")
    )
