"""Whom to trust: the log's keys of a dossier, or the reader's own policy; and what no computation can tell."""

from __future__ import annotations

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.tlog import note as notes
from yiwang.tlog import policy as policies
from yiwang.tlog.checkpoint import Checkpoint, open_checkpoint
from yiwang.tlog.cosignature import verifier_for

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
        "可抽取的专家名单本身是合格的，回避处理是完整的。",
        "that the frozen list of experts was the right one, with all who must step aside left out",
    ),
    Text("没有 k 位保管人在开标前串通。", "that no k custodians conspired before the opening"),
)
"""What remains a matter of trust with every dossier."""
OWN_KEY = Text(
    "日志的公钥取自本包，属交易中心所有；请与交易中心公布的公钥比对，或用 --policy 指定您信任的策略。",
    "that the log's key is the center's: it was taken from this dossier; compare it with the published one, or give --policy",
)
NO_WITNESS = Text("没有见证人签名：日志是否对不同的人出示不同内容，本包不能证明。",
                  "no witness cosigned: whether the log shows others the same content, this dossier cannot prove")  # fmt: skip


def policy_text(vkeys: str) -> str:
    """The policy file of a dossier: the log's keys, one a line in ``vkeys``, and no witnesses."""
    return "".join(f"log {line}\n" for line in vkeys.splitlines()) + f"quorum {policies.NONE}\n"


def open_by_own_keys(note: bytes, vkeys: bytes, policy: bytes) -> Checkpoint:
    """The checkpoint, signed by all keys of the dossier's ``log.vkeys`` and by nobody else.

    Raises:
        ValueError: with a Text, naming the file that is wrong.
    """
    try:
        text = vkeys.decode()
        keys = [notes.parse_vkey(line) for line in text.splitlines()]
        if not keys or "".join(f"{key}\n" for key in keys) != text:
            raise Fault("log.vkeys", "格式不对", "has not the form of verifier keys")
    except (UnicodeDecodeError, YiwangError) as error:
        raise Fault("log.vkeys", str(error), str(error)) from None
    if policy.decode("utf-8", "replace") != policy_text(text):
        raise Fault("policy", "不是由 log.vkeys 的公钥构成", "does not consist of the keys of log.vkeys")
    try:
        signed = open_checkpoint(note, [verifier_for(key) for key in keys], every=True)
    except YiwangError as error:
        message = error.reasons[0].message
        raise Fault("checkpoint", message.zh, message.en) from None
    if signed.note.unknown or signed.checkpoint.extensions:
        raise Fault("checkpoint", "含有无法核对的签名或扩展行", "has signatures or lines that nobody can check")
    return signed.checkpoint


class Fault(ValueError):
    """A file is wrong; ``text`` names it and says why."""

    def __init__(self, name: str, zh: str, en: str) -> None:
        self.text = Text(f"{name}：{zh}", f"{name}: {en}")
        super().__init__(self.text.en)
