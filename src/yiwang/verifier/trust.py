"""Whom to trust: the log's keys and the policy of a dossier, or the reader's own policy; and what no computation can tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.tlog import note as notes
from yiwang.tlog import policy as policies
from yiwang.tlog.checkpoint import SignedCheckpoint, open_checkpoint
from yiwang.tlog.cosignature import verifier_for
from yiwang.tlog.policy import Policy

CANNOT_TELL = (
    Text(
        "登记的密钥确由该人本人持有；自然人以假名列示。",
        "that a registered key is held by that very person; people appear under pseudonyms",
    ),
    Text(
        "评委的打分是诚实、独立的：能核验的只是计算。",
        "that evaluators' scores are honest and independent: only the arithmetic can be checked",
    ),
    Text("投标文件所述属实。", "that what bids say is true"),
    Text(
        "截止根没有漏掉已收下的投标：每个投标人用自己的回执（.tlog-proof）可以核对自己的一份。",
        "that no accepted bid is missing under the closing root: each tenderer can tell of the own bid, by the receipt (.tlog-proof)",
    ),
    Text(
        "可抽取的专家名单本身是合格的，回避处理是完整的。",
        "that the frozen list of experts was the right one, with all who must step aside left out",
    ),
    Text("没有 k 位保管人在开标前串通。", "that no k custodians conspired before the opening"),
    Text(
        "抽取的三方没有全部串通：只要一方的随机数是诚实的，谁也左右不了结果。",
        "that the three sides of the draw did not all conspire: one honest share is enough that nobody can steer it",
    ),
    Text(
        "行为的时刻是交易中心写的；先后由日志序号证明，见证人的时间只给出上限。",
        "the acts' moments, which the center wrote: log indexes prove the order, witnesses' times are upper bounds only",
    ),
)
"""What remains a matter of trust with every dossier."""
OWN_KEY = Text(
    "日志的公钥取自本包，属交易中心所有；请与交易中心公布的公钥比对，或用 --policy 指定您信任的策略。",
    "that the log's key is the center's: it was taken from this dossier; compare it with the published one, or give --policy",
)
OWN_WITNESSES = Text(
    "见证人的公钥取自本包的策略文件：它们确属所称的单位。请与各见证人公布的公钥比对，或用 --policy 指定您信任的策略。",
    "that the witnesses' keys are of those whom they name: they were taken from this dossier; compare them with the published ones,"
    " or give --policy",
)
NO_WITNESS = Text("没有见证人签名：日志是否对不同的人出示不同内容，本包不能证明。",
                  "no witness cosigned: whether the log shows others the same content, this dossier cannot prove")  # fmt: skip
COLLUSION = Text(
    "没有达到法定人数的见证人与交易中心串通。", "that no quorum of the witnesses conspired with the center"
)


class Fault(ValueError):
    """A file is wrong; ``text`` names it and says why."""

    def __init__(self, name: str, zh: str, en: str) -> None:
        self.text = Text(f"{name}：{zh}", f"{name}: {en}")
        super().__init__(self.text.en)


@dataclass(frozen=True, slots=True)
class Trusted:
    """The keys and the policy that stand in a dossier: what its checkpoints are judged by, strictly.

    The first key of each type signs the dossier's checkpoint. Further keys are those that the log had before they were
    changed, or before the year changed: they sign earlier checkpoints only.
    """

    keys: tuple[notes.VKey, ...]
    policy: Policy

    def open(self, name: str, note: bytes, *, earlier: bool = False) -> SignedCheckpoint:
        """A checkpoint signed by the log's keys of every type, cosigned by keys of the policy only, each once.

        Args:
            earlier: it is one of the log's earlier states, which earlier keys may have signed.

        Raises:
            Fault: naming the file.
        """
        witnesses = [verifier_for(party.vkey) for party in self.policy.witnesses.values()]
        try:
            signed = open_checkpoint(note, [verifier_for(key) for key in self.keys], witnesses=witnesses)
        except YiwangError as error:
            message = error.reasons[0].message
            raise Fault(name, message.zh, message.en) from None
        if not self._by_the_log(signed, earlier=earlier):
            raise Fault(name, "日志的公钥没有全部签名", "the log's keys did not all sign")
        if (
            signed.checkpoint.extensions
            or signed.note.unknown
            or len(notes.parse(note)[1]) != len(signed.note.verified)
        ):
            raise Fault(name, "含有无法核对的签名或扩展行", "has signatures or lines that nobody can check")
        return signed

    def _by_the_log(self, signed: SignedCheckpoint, *, earlier: bool) -> bool:
        """Whether a key of each type signed for its own log: the first of the type, or with ``earlier`` any."""
        for kind in {key.kind for key in self.keys}:
            able = [key for key in self.keys if key.kind == kind]
            mine = [key for key in (able if earlier else able[:1]) if key.name == signed.checkpoint.origin]
            if not any(signed.note.signed_by(verifier_for(key)) for key in mine):
                return False
        return True


def policy_text(vkeys: str, witnesses: str = f"quorum {policies.NONE}\n") -> str:
    """The policy file of a dossier: the log's keys, one a line in ``vkeys``, then what it says of witnesses."""
    return "".join(f"log {line}\n" for line in vkeys.splitlines()) + witnesses


def read_own(vkeys: bytes, policy: bytes) -> Trusted:
    """The keys and the policy of a dossier.

    Raises:
        Fault: naming the file that is wrong.
    """
    try:
        text = vkeys.decode()
        keys = tuple(notes.parse_vkey(line) for line in text.splitlines())
        if not keys or "".join(f"{key}\n" for key in keys) != text:
            raise Fault("log.vkeys", "格式不对", "has not the form of verifier keys")
    except (UnicodeDecodeError, YiwangError) as error:
        raise Fault("log.vkeys", str(error), str(error)) from None
    try:
        said, parsed = policy.decode(), policies.parse(policy)
    except (UnicodeDecodeError, YiwangError) as error:
        reason = error.reasons[0].message if isinstance(error, YiwangError) else Text("不是 UTF-8", "not UTF-8")
        raise Fault("policy", reason.zh, reason.en) from None
    logs = "".join(f"log {key}\n" for key in keys)
    rest = said.removeprefix(logs)
    plain = all(
        line.split(maxsplit=1)[:1] and line.split()[0] in ("witness", "group", "quorum") for line in rest.splitlines()
    )
    if tuple(party.vkey for party in parsed.logs) != keys or not said.startswith(logs) or not plain:
        raise Fault(
            "policy",
            "不是由 log.vkeys 的公钥和见证人构成",
            "does not consist of the keys of log.vkeys and of witnesses",
        )
    return Trusted(keys, parsed)


OWN_PROCEDURE = Text(
    "中心自定的采购方式合法：案卷包内的文本是登记时的文本，合不合法要由您来读。",
    "that the center's own procedure is lawful: its text here is the one of the entry, but whether it keeps the law is yours to read",
)
"""Of a dossier that holds the text of its procedure."""


def remains(own: Policy | None, reader: Policy | None) -> Iterator[Text]:
    """What remains a matter of trust, for the policy of the dossier (None: unreadable) and that of the reader."""
    judged = reader or own
    if reader is None:
        yield OWN_KEY
    if judged is None or judged.quorum == policies.NONE:
        yield NO_WITNESS
    else:
        if reader is None:
            yield OWN_WITNESSES
        yield COLLUSION
    yield from CANNOT_TELL
