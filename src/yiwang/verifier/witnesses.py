"""Who cosigned a checkpoint, when, and whether that is the quorum: of the dossier's own policy, or of the reader's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.moment import stamp
from yiwang.kernel.text import Text
from yiwang.tlog.checkpoint import SignedCheckpoint, open_checkpoint
from yiwang.tlog.cosignature import timestamp_of, verifier_for
from yiwang.tlog.policy import NONE, Policy
from yiwang.verifier.trust import Fault

READER, DOSSIER = "reader", "dossier"
_LAST = 32_503_679_999
"""2999-12-31T23:59:59Z, the last moment that has a place in a calendar here."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness of a policy: the name of its keys, where it can be asked, and when it cosigned (UTC; None: it did not)."""

    name: str
    url: str
    cosigned: datetime | None

    def json(self) -> dict[str, Any]:
        """For ``--json``."""
        return {"name": self.name, "url": self.url, "cosigned": stamp(self.cosigned) if self.cosigned else None}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a checkpoint stands with a policy.

    Attributes:
        whose: :data:`READER` or :data:`DOSSIER`, whose policy it is.
        logs: names of the log keys that the policy trusts.
        quorum: name of the witness or group that must have cosigned, or ``none``.
        met: whether these witnesses make up the quorum.
    """

    whose: str
    logs: tuple[str, ...]
    witnesses: tuple[Witness, ...]
    quorum: str
    met: bool

    def json(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "whose": self.whose,
            "logs": list(self.logs),
            "witnesses": [witness.json() for witness in self.witnesses],
            "quorum": self.quorum,
            "met": self.met,
        }

    def who(self) -> Text:
        """The witnesses who cosigned, with their times."""
        said = "; ".join(f"{each.name} {stamp(each.cosigned)}" for each in self.witnesses if each.cosigned)
        return Text(said.replace("; ", "；") or "无人", said or "nobody")

    def missing(self) -> Text:
        """The witnesses who did not."""
        names = [each.name for each in self.witnesses if not each.cosigned]
        return Text("、".join(names) or "无", ", ".join(names) or "none")


def standing(signed: SignedCheckpoint, policy: Policy, whose: str) -> Standing:
    """How a checkpoint stands whose signatures were checked against the policy's keys."""
    times: dict[str, int] = {}
    cosigners = set()
    for name, party in policy.witnesses.items():
        key = verifier_for(party.vkey)
        blob = next((s.blob for s in signed.note.verified if (s.name, s.key_id) == (key.name, key.key_id)), None)
        if blob is not None:
            cosigners.add(name)
            times[party.vkey.name] = min(timestamp_of(blob), times.get(party.vkey.name, _LAST))
    urls = {party.vkey.name: party.url for party in policy.witnesses.values()}
    witnesses = tuple(Witness(name, url, _moment(times.get(name))) for name, url in urls.items())
    logs = tuple(dict.fromkeys(party.vkey.name for party in policy.logs))
    return Standing(whose, logs, witnesses, policy.quorum, policy.satisfied_by(frozenset(cosigners)))


def by_reader(note: bytes, policy: Policy) -> Standing:
    """How a checkpoint stands with the reader's policy.

    Raises:
        Fault: no log of the policy signed it, or a signature of a trusted key is wrong.
    """
    if not policy.logs:
        raise Fault("policy", "您的策略没有列出任何日志", "your policy lists no log")
    try:
        keys = [verifier_for(party.vkey) for party in policy.witnesses.values()]
        signed = open_checkpoint(note, [verifier_for(party.vkey) for party in policy.logs], witnesses=keys)
    except YiwangError as error:
        said = error.reasons[0].message
        raise Fault("checkpoint", f"不符合您的策略：{said.zh}", f"your policy does not accept it: {said.en}") from None
    return standing(signed, policy, READER)


def unmet(policy: Policy) -> Standing:
    """How a checkpoint stands that none of the reader's logs signed."""
    logs = tuple(dict.fromkeys(party.vkey.name for party in policy.logs))
    urls = {party.vkey.name: party.url for party in policy.witnesses.values()}
    return Standing(
        READER, logs, tuple(Witness(name, url, None) for name, url in urls.items()), policy.quorum, met=False
    )


def faults(found: Standing) -> list[Text]:
    """The sentence for a quorum that is not met; empty when it is."""
    if found.met:
        return []
    zh, en = ("您的策略", "your policy") if found.whose == READER else ("本包自带的策略", "the dossier's own policy")
    have, lack = found.who(), found.missing()
    return [
        Text(
            f"见证不足：{zh}要求 {found.quorum}，已见证：{have.zh}；未见证：{lack.zh}",
            f"not enough witnesses: {en} asks for {found.quorum}; cosigned: {have.en}; not cosigned: {lack.en}",
        )
    ]


def said(found: Standing) -> Text:
    """One sentence on a policy that is satisfied: whose keys, which witnesses, when."""
    if found.quorum == NONE:
        zh = "；策略没有要求见证人" + (f"，已见证：{found.who().zh}" if found.witnesses else "")
        en = "; the policy asks for no witness" + (f"; cosigned: {found.who().en}" if found.witnesses else "")
    else:
        zh = f"；法定人数 {found.quorum} 已满足，已见证：{found.who().zh}"
        en = f"; quorum {found.quorum} is met; cosigned: {found.who().en}"
    logs = ", ".join(found.logs)
    if found.whose == READER:
        return Text(f"您给定的策略，信任日志 {logs}{zh}", f"by your own policy, which trusts the log {logs}{en}")
    return Text(
        f"没有给定您自己的策略：用的是本包自带的公钥（{logs}）{zh}",
        f"no policy of your own was given: the keys are those in the dossier ({logs}){en}",
    )


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(min(seconds, _LAST), UTC)
