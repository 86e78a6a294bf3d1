"""Custody of the keys: who gave which one-time key, that its secret half was held, who released it, and in whose place."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from yiwang.kernel.errors import BadInput
from yiwang.kernel.text import Text
from yiwang.seal import keys
from yiwang.seal.manifest import Custodians
from yiwang.verifier.checks.bids import custodians_of
from yiwang.verifier.dossier import Act, Dossier
from yiwang.verifier.report import Outcome, later, outcome

GROUNDS = ("CU-03/key", "CU-03/release", "CU-03/refused", "CU-03/holder")
"""On which grounds a deputy acts: key late, release late, the custodian declared that it cannot be done, the deputy gave
the key herself."""


def custody(dossier: Dossier) -> Outcome:
    """Every custodian gave a one-time key and proved to hold its secret half; at least k released just those."""
    if not dossier.all("custody.appoint"):
        return later("密钥保管行为自开标起公开", "the acts of custody are public from the opening")
    try:
        custodians = custodians_of(dossier)
    except (BadInput, KeyError) as error:
        return outcome([Text(f"保管人公钥有误：{error}", f"the custodians' keys are unsound: {error}")], Text("", ""))
    seats = {item["position"] for item in dossier.all("custody.appoint")[-1].public["custodians"]}
    released = {act.public["position"]: act.public["identity"] for act in dossier.all("opening.release_key")}
    faults = [] if sorted(seats) == list(range(len(custodians.recipients))) else [
        Text("公钥数与保管人数不符", "there are not as many keys as custodians")]  # fmt: skip
    faults += _by_whom(dossier)
    faults += _released(dossier, custodians)
    for act in dossier.all("custody.provide_key"):
        faults += _possession(act, released)
    faults += _as_noticed(dossier, custodians)
    if dossier.last("opening.open") and len(released) < custodians.k:
        faults.append(Text(f"公布的密钥不足 {custodians.k} 把", f"fewer than {custodians.k} keys were released"))
    fine = Text(f"{len(seats)} 位保管人，任意 {custodians.k} 位可开标，{len(released)} 位已公布密钥",
                f"{len(seats)} custodians, any {custodians.k} open, {len(released)} released their keys")  # fmt: skip
    return outcome(faults, fine)


def _by_whom(dossier: Dossier) -> Iterator[Text]:
    """Each key was given and released by the custodian of its position, or by the named deputy on a known ground."""
    seats: dict[int, dict[str, str]] = {}
    refused: set[int] = set()
    held: set[int] = set()
    names = ("custody.appoint", "custody.replace", "custody.provide_key", "custody.refuse", "opening.release_key")
    for act in sorted((act for name in names for act in dossier.all(name)), key=lambda act: act.index):
        public, position = act.public, act.public.get("position")
        if act.name == "custody.appoint":
            seats, refused, held = {item["position"]: item for item in public["custodians"]}, set(), set()
        elif position not in seats:
            yield Text(f"{act}：没有这个保管席位", f"{act}: there is no such custody")
        elif act.name == "custody.replace":
            seats[position] = public
            refused.discard(position)
        else:
            yield from _one(act, seats[position], position in refused, position in held)
            if act.name == "custody.refuse":
                refused.add(position)
            elif act.name == "custody.provide_key":
                (held.add if "for" in public else held.discard)(position)


def _one(act: Act, seat: dict[str, str], refused: bool, held: bool) -> Iterator[Text]:
    person = act.content["actor"]["person"]
    if "for" not in act.public:
        if person != seat["person"]:
            yield Text(f"{act}：不是该位置的保管人", f"{act}: is not by the custodian of that position")
        return
    rule = act.public.get("rule")
    if person != seat.get("deputy") or act.public["for"] != seat["person"]:
        yield Text(f"{act}：不是该位置的替补", f"{act}: is not by the deputy of that position")
    if rule not in GROUNDS or (rule == GROUNDS[2] and not refused) or (rule == GROUNDS[3] and not held):
        yield Text(f"{act}：替补没有依据", f"{act}: the deputy had no ground to act")


def _released(dossier: Dossier, custodians: Custodians) -> Iterator[Text]:
    for act in dossier.all("opening.release_key"):
        known = custodians.recipients[act.public["position"]]
        if act.public["recipient"] != known or not keys.check_identity(act.public["identity"], known):
            yield Text(f"{act}：公布的密钥不是当初公钥的另一半", f"{act}: the released key is not the other half of the key given")


def _possession(act: Act, released: dict[int, str]) -> Iterator[Text]:
    """With the released key the challenge can be answered again: the nonce must be the one that was answered."""
    if not {"challenge", "nonce"} <= act.public.keys():
        yield Text(f"{act}：没有持有证明", f"{act}: holds no proof of possession")
        return
    identity = released.get(act.public["position"])
    if identity is None or not keys.check_identity(identity, act.public["recipient"]):
        return  # not released, or another key than the one given here: nobody can tell
    try:
        nonce = keys.answer(identity, base64.b64decode(act.public["challenge"], validate=True)).hex()
    except (BadInput, binascii.Error, ValueError):
        nonce = ""
    if nonce != act.public["nonce"]:
        yield Text(f"{act}：持有证明不成立", f"{act}: the proof of possession does not hold")


def _as_noticed(dossier: Dossier, custodians: Custodians) -> Iterator[Text]:
    """The notice named just these keys and this threshold: to these, tenderers sealed their bids."""
    notice = dossier.notice
    if dossier.facts["custody_threshold"] != custodians.k:
        yield Text("公告的开标人数与指定的不同", "the notice names another threshold than the appointment")
    if notice and notice.public["custody"] != {"threshold": custodians.k, "recipients": list(custodians.recipients)}:
        yield Text("公告载明的公钥不是保管人提供的公钥", "the notice names other keys than the custodians gave")
    for act in dossier.all("custody.provide_key"):
        if notice and act.index >= notice.index:
            yield Text(f"{act}：晚于公告", f"{act}: came after the notice")
