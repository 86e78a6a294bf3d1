"""The whole of a dossier of open tendering: what section 13 of docs/evidence.md asks for, but for what rests on the law's files
(formulas, procedures, review, remedies, statutory periods)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from .log import (
    Head,
    Wrong,
    canonical,
    check_consistency,
    check_inclusion,
    digest,
    entry_of,
    leaf_hash,
    need,
    open_note,
    read_json,
    read_key,
    read_policy,
    sha256,
    unbase64,
)
from .tender import Row, age_open, bid_commitment, draw_seed, open_bid, read_archive, seats_of, set_root, signed

# --- section 8 and on: the whole ---------------------------------------------------------------------------------------------


class Dossier:
    """The files of a dossier and its acts, read in the form that the page prescribes."""

    def __init__(self, data: bytes) -> None:
        self.files = read_archive(data)
        self.manifest = read_json(self.files["manifest.json"])
        self.rows: list[Row] = read_json(self.files["acts.json"])
        self.proofs = read_json(self.files["proofs.json"])
        self.acts = [row for row in self.rows if "act" in row]
        self.chain = f"tender/{self.manifest['tender']}"
        self.keys = [read_key(line) for line in self.files["log.vkeys"].decode().splitlines()]
        self.policy = read_policy(self.files["policy"])
        self.head = self.open("checkpoint")

    def open(self, name: str, *, earlier: bool = False) -> Head:
        head = open_note(self.files[name], [*self.keys, *self.policy.witnesses.values()], strict=True)
        for kind in {key.kind for key in self.keys}:
            able = [key for key in self.keys if key.kind == kind]
            mine = [key for key in (able if earlier else able[:1]) if key.name == head.origin]
            need(head.signers.intersection(mine), f"{name}: the log did not sign")
        return head

    def all(self, name: str) -> list[Row]:
        return [row for row in self.acts if row["act"]["act"] == name]

    def public(self, name: str) -> Row:
        found = self.all(name)
        public: Row = found[-1]["act"]["public"] if found else {}
        return public

    def proof(self, kind: str, name: object) -> list[bytes]:
        return [unbase64(value) for value in self.proofs[kind][str(name)]]


def archive(dossier: Dossier) -> None:
    files = {name: data for name, data in dossier.files.items() if name != "manifest.json"}
    due = {name: {"size": len(data), "sha256": sha256(data).hex()} for name, data in files.items()}
    need(dossier.manifest["files"] == due, "the manifest does not fit the files")
    need(
        dossier.manifest["format"] == "yiwang-dossier/v1" and dossier.manifest["size"] == dossier.head.size,
        "the manifest",
    )
    fixed = {"README.txt", "acts.json", "checkpoint", "log.vkeys", "policy", "proofs.json"}
    need(fixed <= files.keys() and all("/" in name for name in files.keys() - fixed), "a file that no dossier has")
    need(dossier.policy.logs == dossier.keys, "the policy is not of the log's keys")


def log(dossier: Dossier) -> None:
    for row in dossier.acts:
        due = entry_of(bytes.fromhex(row["salt"]), canonical(row["act"])).hex()
        need(due == row["entry"], f"act {row['index']} is not what its entry commits to")
        if "private" in row:
            private = sha256(bytes.fromhex(row["private_salt"]) + canonical(row["private"])).hex()
            need(private == row["act"]["private_digest"], f"the private part of {row['index']}")
    for row in dossier.rows:
        path = dossier.proof("inclusion", row["index"])
        check_inclusion(
            row["index"], dossier.head.size, leaf_hash(bytes.fromhex(row["entry"])), path, dossier.head.root
        )


def chain(dossier: Dossier) -> None:
    rows = [row for row in dossier.rows if "act" not in row or row["act"]["subject"] == dossier.chain]
    before = ""
    for seq, row in enumerate(rows):
        if "act" in row:
            need(
                row["act"]["seq"] == seq and row["act"]["prev"] == before,
                f"act {seq} of the tender is missing or moved",
            )
        before = row["entry"]


def witnesses(dossier: Dossier) -> None:
    need(dossier.policy.met(dossier.head.signers), "the dossier's own quorum did not cosign")
    for name in dossier.files:
        if name.startswith("checkpoints/"):
            head = dossier.open(name)
            need(
                name == f"checkpoints/{head.size}" and head.origin == dossier.head.origin,
                f"{name} is another checkpoint",
            )
            path = dossier.proof("consistency", head.size)
            check_consistency(head.size, dossier.head.size, head.root, dossier.head.root, path)


def documents(dossier: Dossier) -> None:
    notice = dossier.public("tender.publish")
    listed = (
        notice["documents"]
        if notice
        else [row["act"]["public"]["document"] for row in dossier.all("tender.attach_document")]
    )
    wanted = {f"documents/{each['sha256']}": each["size"] for each in listed}
    for bid in dossier.public("opening.open").get("record", {}).get("bids", []):
        if not bid["fault"] or bid["fault"]["whose"] != "center":
            wanted[f"bids/{bid['envelope_sha256']}"] = bid["envelope_size"]
    have = {name: data for name, data in dossier.files.items() if name.startswith(("documents/", "bids/"))}
    need(have.keys() == wanted.keys(), "files that are missing or that no act names")
    for name, data in have.items():
        need(len(data) == wanted[name] and sha256(data).hex() == name.split("/")[1], f"{name} is another file")


def closing(dossier: Dossier) -> None:
    close = dossier.all("opening.close") or [
        row for row in dossier.all("tender.fail") if "commitments" in row["act"]["public"]
    ]
    if not close:
        return
    public = close[-1]["act"]["public"]
    need(set_root(b"bids/v1\n", public["commitments"]) == public["bids_root"], "the closing root")
    need(len(public["commitments"]) == public["count"], "the number of bids")
    record = dossier.public("opening.open").get("record")
    if record:
        listed = [*record["bids"], *record.get("undelivered", []), *record.get("replaced", [])]
        need(
            sorted(bid["commitment"] for bid in listed) == sorted(public["commitments"]),
            "bids opened are not those closed",
        )
        submitted = {
            row["act"]["subject"]: row for name in ("bid.submit", "bid.commit") for row in dossier.all(name)
        }
        need(submitted.keys() == {bid["bid"] for bid in listed}, "acts of submission")
        in_the_grace(dossier, record, submitted, close[-1])
        for bid in listed:
            row = submitted[bid["bid"]]
            need(row["index"] < close[-1]["index"], f"{bid['bid']} came late")
            need(
                all(row["act"]["public"][key] == bid[key] for key in row["act"]["public"]),
                f"{bid['bid']} is recorded otherwise",
            )
            need(bid_commitment(bid) == bid["commitment"], f"the commitment of {bid['bid']}")


def in_the_grace(dossier: Dossier, record: dict[str, Any], submitted: dict[str, Any], close: dict[str, Any]) -> None:
    notice = dossier.public("tender.publish")
    moved = [row["act"]["public"]["deadline"] for row in dossier.all("clarification.answer")]
    until = datetime.fromisoformat([notice["deadline"], *moved][-1])
    until += timedelta(minutes=notice.get("upload_grace_minutes", 0))
    came = {row["act"]["subject"]: row for row in dossier.all("bid.deliver")}
    released = [row["index"] for row in dossier.all("opening.release_key")]
    for subject, row in came.items():
        said, begun = row["act"]["public"], submitted[subject]
        need(begun["act"]["act"] == "bid.commit" and begun["index"] < row["index"], f"{subject} was not committed to")
        need(all(said[key] == begun["act"]["public"][key] for key in said), f"another file came for {subject}")
        need(datetime.fromisoformat(row["act"]["at"]) < until and row["index"] < min(released), f"{subject} came late")
    committed = {subject for subject, row in submitted.items() if row["act"]["act"] == "bid.commit"}
    stands = {(bid["tenderer"], bid["lot"]): bid["bid"] for bid in record["bids"]}
    need(len(stands) == len(record["bids"]), "two bids of one tenderer")
    need(all(bid["bid"] in came for bid in record["bids"] if bid["bid"] in committed), "opened without its file")
    for bid in record.get("undelivered", []):
        need(bid["bid"] in committed - came.keys(), f"{bid['bid']} was delivered")
        need(bid["fault"]["cause"] == "not_delivered", f"the fault of {bid['bid']}")
        newer = stands.get((bid["tenderer"], bid["lot"]))
        need(newer is None or submitted[newer]["index"] < submitted[bid["bid"]]["index"], f"{bid['bid']} was replaced")
    for bid in record.get("replaced", []):
        newer = stands[bid["tenderer"], bid["lot"]]
        need(bid["by"] == newer and came[newer]["index"] > close["index"], f"who replaced {bid['bid']}")
        need(submitted[newer]["index"] > submitted[bid["bid"]]["index"], f"{bid['bid']} is the newer one")


def opening(dossier: Dossier) -> None:
    public = dossier.public("opening.open")
    if not public:
        return
    record = public["record"]
    need(digest(record) == public["record_sha256"], "the opening record's digest")
    keys = {
        row["act"]["public"]["position"]: row["act"]["public"]["identity"] for row in dossier.all("opening.release_key")
    }
    need(record["identities"] == [{"position": p, "identity": keys[p]} for p in sorted(keys)], "the released keys")
    by_position = {row["act"]["public"]["position"]: row["act"]["public"] for row in dossier.all("custody.provide_key")}
    given = [by_position[position] for position in sorted(by_position)]
    for position, identity in keys.items():
        proof = by_position[position]
        asked = f"yiwang/possession/v1\n{proof['recipient']}\n".encode() + bytes.fromhex(proof["nonce"])
        need(age_open(unbase64(proof["challenge"]), identity) == asked, "the proof of possession")
    custody = dossier.public("tender.publish")["custody"]
    need(
        [each["recipient"] for each in given] == custody["recipients"],
        "the custodians' keys are not those of the notice",
    )
    bound = {
        (row["act"]["public"]["public"], row["act"]["public"]["organisation"]) for row in dossier.all("person.bind_key")
    }
    for bid in record["bids"]:
        if bid["fault"]:
            continue
        header, manifest = open_bid(dossier.files[f"bids/{bid['envelope_sha256']}"], keys)
        need(
            header["custodians"] == custody["recipients"] and header["k"] == custody["threshold"],
            "sealed to other custodians",
        )
        context = {"tender": dossier.manifest["tender"], "lot": bid["lot"], "round": bid["round"]}
        need(
            manifest["context"] == context and manifest["tenderer"] == bid["tenderer"],
            f"{bid['bid']} is of another tender",
        )
        need(digest(manifest) == bid["manifest_sha256"], f"the manifest of {bid['bid']}")
        need(manifest["price"] == bid["price"], f"the price of {bid['bid']}")
        need((manifest["signer"], bid["tenderer"]) in bound, f"the signer of {bid['bid']}")
        the_members(dossier, bid, manifest, bound)


def the_members(dossier: Dossier, bid: Row, manifest: Row, bound: set[tuple[str, str]]) -> None:
    """A sound joint bid: each member consented with a key of its own, the notice accepts it, nobody bids twice."""
    members = manifest.get("joint", {}).get("members", [])
    facts = [{key: member[key] for key in ("tenderer", "work", "signer")} for member in members]
    need(facts == [{key: member[key] for key in ("tenderer", "work", "signer")} for member in bid.get("joint", [])], "the members")
    codes = [member["tenderer"] for member in members]
    if not members:
        codes = [bid["tenderer"]]
    else:
        need(2 <= len(set(codes)) == len(codes) <= 10 and codes[0] == bid["tenderer"], "the members of a joint bid")
        need(dossier.public("tender.publish").get("joint_bids_allowed") is True, "a joint bid where none is accepted")
        shares = [{"tenderer": member["tenderer"], "work": member["work"]} for member in members]
        agreed = {"tender": dossier.manifest["tender"], "lot": bid["lot"], "lead": codes[0], "members": shares}
        for member in members:
            need(signed(member["signer"], "joint-bid", agreed, member["signature"]), "a member's signature")
            need((member["signer"], member["tenderer"]) in bound, "a member's key")
    for other in dossier.public("opening.open")["record"]["bids"]:
        if (other["lot"], other["round"]) == (bid["lot"], bid["round"]) and other["bid"] != bid["bid"]:
            with_it = {other["tenderer"], *(member["tenderer"] for member in other.get("joint", []))}
            need(not with_it.intersection(codes), "a member that bids twice")


def the_draw(dossier: Dossier) -> None:
    freeze, seat = dossier.public("draw.freeze_list"), dossier.public("draw.seat")
    if freeze:
        need(set_root(b"draw-list/v1\n", freeze["leaves"]) == freeze["list_root"], "the list's root")
        need(freeze["leaves"] == sorted(freeze["leaves"]), "the list's order")
    if not seat:
        return
    committed = {
        row["act"]["public"]["party"]: row["act"]["public"]["commitment"] for row in dossier.all("draw.commit")
    }
    need(seat["shares"].keys() == committed.keys() == {"host", "center", "supervisor"}, "the three sides")
    for party, share in seat["shares"].items():
        need(sha256(b"draw-share/v1\n" + bytes.fromhex(share)).hex() == committed[party], f"the share of {party}")
    beacon = seat["beacon"]
    path = dossier.proof("consistency", beacon["size"])
    check_consistency(beacon["size"], dossier.head.size, bytes.fromhex(beacon["root"]), dossier.head.root, path)
    last = max(row["index"] for row in dossier.all("draw.commit"))
    need(last < beacon["size"] <= min(row["index"] for row in dossier.all("draw.reveal")), "the beacon's moment")
    stated = [row["act"]["public"].get("beacon", beacon) for row in dossier.all("draw.reveal")]
    need(all(each == beacon for each in stated), "another beacon than was stated")
    seed = draw_seed(freeze["list_root"], freeze["process"], seat["shares"], beacon["root"])
    need(seed.hex() == seat["seed"], "the seed")
    need(seats_of(freeze["process"], seed, []) == seat["seats"], "the seats")
    gone: list[int] = []
    for row in dossier.all("draw.decline"):
        gone.append(row["act"]["public"]["leaf"])
        need(seats_of(freeze["process"], seed, gone) == row["act"]["public"]["seats"], "the seats after somebody left")
    for item in dossier.public("award.notify").get("committee", []):
        due = sha256(bytes.fromhex(item["salt"]) + item["code"].encode()).hex()
        need(freeze["leaves"][item["leaf"]] == due, f"evaluator {item['seat']} is not who was drawn")


SIGNED: dict[str, tuple[str, Callable[[Dossier, Row], Any]]] = {
    "opening.confirm": ("opening-record", lambda d, p: {
        "tender": d.manifest["tender"], "record_sha256": digest(d.public("opening.open")["record"])}),
    "evaluation.declare": ("no-conflict", lambda d, p: {"tender": d.manifest["tender"]}),
    "evaluation.submit_sheet": ("score-sheet", lambda d, p: {"tender": d.manifest["tender"], "sheet_sha256": digest(p["sheet"])}),
    "evaluation.sign_report": ("evaluation-report", lambda d, p: {
        "tender": d.manifest["tender"], "report_sha256": digest(d.public("evaluation.conclude")["report"]),
        "dissent": p["statement"]["dissent"]}),
    "award.notify": ("award-notice", lambda d, p: {k: v for k, v in d.public("award.decide").items() if k != "reason"}),
    "contract.sign": ("contract", lambda d, p: p["content"]),
}  # fmt: skip


def signatures(dossier: Dossier) -> None:
    bound = {row["entry"]: row for row in dossier.all("person.bind_key")}
    for row in bound.values():
        public = row["act"]["public"]
        need(signed(public["public"], "bind-key", {"public": public["public"]}, public["proof"]), "a binding of a key")
    for row in dossier.acts:
        name, public = row["act"]["act"], row["act"]["public"]
        if name in SIGNED:
            kind, content = SIGNED[name]
            made = public["signature"]
            need(
                made["kind"] == kind and public.get("statement", content(dossier, public)) == content(dossier, public),
                f"what {name} signs",
            )
            need(
                signed(made["public"], kind, content(dossier, public), made["signature"]),
                f"the signature of {name} {row['index']}",
            )
            binding = bound[made["key_entry"]]
            need(
                binding["index"] < row["index"] and binding["act"]["public"]["public"] == made["public"],
                "a key bound too late",
            )
            need(binding["act"]["actor"]["party"] == row["act"]["actor"]["party"], "a key of somebody else")


CHECKS = (archive, log, chain, witnesses, documents, closing, opening, the_draw, signatures)


def verify(data: bytes, policy: bytes | None = None) -> Iterator[str]:
    """Every fault, in words; nothing when all holds."""
    try:
        dossier = Dossier(data)
    except Exception as error:
        yield f"unreadable: {error}"
        return
    for check in CHECKS:
        try:
            check(dossier)
        except Exception as error:
            yield f"{check.__name__}: {type(error).__name__ if not isinstance(error, Wrong) else ''} {error}"
    if policy is not None:
        try:
            own = read_policy(policy)
            head = open_note(dossier.files["checkpoint"], [*own.logs, *own.witnesses.values()], strict=False)
            need(
                any(key in head.signers and key.name == head.origin for key in own.logs), "no log of the policy signed"
            )
            need(own.met(head.signers), "not enough witnesses")
        except Exception as error:
            yield f"policy: {error}"
