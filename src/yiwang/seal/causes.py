"""Why an envelope is refused or does not open, and whose fault that is, in words for the opening record.

The law treats the two sides differently: a bid that does not open through the tenderer's own fault counts as revoked,
through another's fault as withdrawn with a claim for compensation (电子招标投标办法 第31条).
"""

from __future__ import annotations

from enum import StrEnum

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason


class Whose(StrEnum):
    """Whose fault a failure is."""

    TENDERER = "tenderer"
    CUSTODIAN = "custodian"
    CENTER = "center"
    UNDECIDED = "undecided"


class Cause(StrEnum):
    """The class of a failure; a stable code for records and tests."""

    NOT_SEALED = "not_sealed"
    WRONG_VERSION = "wrong_version"
    BAD_HEADER = "bad_header"
    KEYBOX_INCOMPLETE = "keybox_incomplete"
    BAD_SIZE = "bad_size"
    CONTEXT_DIFFERS = "context_differs"
    CUSTODIANS_DIFFER = "custodians_differ"
    NOT_ENOUGH_KEYS = "not_enough_keys"
    WRONG_KEY = "wrong_key"
    DAMAGED = "damaged"
    BAD_MANIFEST = "bad_manifest"
    SIGNATURE_INVALID = "signature_invalid"
    DOCUMENT_DIFFERS = "document_differs"
    MEMBER_SIGNATURE = "member_signature"
    JOINT_NOT_ALLOWED = "joint_not_allowed"
    JOINT_CHANGED = "joint_changed"
    BIDS_TWICE = "bids_twice"


WHOSE_TEXT: dict[Whose, Text] = {
    Whose.TENDERER: Text("投标人原因", "the tenderer's side"),
    Whose.CUSTODIAN: Text("密钥保管人原因", "a custodian's side"),
    Whose.CENTER: Text("交易中心原因", "the trading center's side"),
    Whose.UNDECIDED: Text("责任待定：请与投标时登记的文件摘要核对", "undecided: compare with the hash at submission"),
}

CAUSE_TEXT: dict[Cause, Text] = {
    Cause.NOT_SEALED: Text("这不是加密的投标文件", "this is not a sealed bid"),
    Cause.WRONG_VERSION: Text("投标文件的格式版本不受支持", "the sealed bid has an unsupported format version"),
    Cause.BAD_HEADER: Text("投标文件的文件头有误", "the header of the sealed bid is wrong"),
    Cause.KEYBOX_INCOMPLETE: Text("投标文件的密钥盒不完整", "the keybox of the sealed bid is incomplete"),
    Cause.BAD_SIZE: Text("投标文件没有按规定填充长度", "the sealed bid is not padded to a size class"),
    Cause.CONTEXT_DIFFERS: Text(
        "投标文件属于另一个项目、标段、轮次、分册、投标人或密封程序",
        "the bid was sealed for another tender, lot, round, part or tenderer, or by another program",
    ),
    Cause.CUSTODIANS_DIFFER: Text("投标文件加密给了其他密钥保管人", "the bid was sealed to other custodians"),
    Cause.NOT_ENOUGH_KEYS: Text("公布的密钥数量不足，尚不能开标", "too few keys have been published to open"),
    Cause.WRONG_KEY: Text("公布的密钥与登记的公钥不符", "a published key does not belong to the registered public key"),
    Cause.DAMAGED: Text("投标文件已损坏，无法解密", "the sealed bid is damaged and cannot be decrypted"),
    Cause.BAD_MANIFEST: Text("投标函数据格式有误", "the bid's manifest is malformed"),
    Cause.SIGNATURE_INVALID: Text("投标人的电子签名无效", "the tenderer's signature is invalid"),
    Cause.DOCUMENT_DIFFERS: Text("投标附件与投标函所列摘要不符", "a document does not match the hash in the manifest"),
    Cause.MEMBER_SIGNATURE: Text("联合体成员的电子签名无效", "the signature of a member of the joint bid is invalid"),
    Cause.JOINT_NOT_ALLOWED: Text(
        "招标公告不接受联合体投标（招标投标法实施条例第37条）", "the notice does not accept joint bids (实施条例 第37条)"
    ),
    Cause.JOINT_CHANGED: Text(
        "资格预审后联合体增减、更换成员的，其投标无效（招标投标法实施条例第37条）",
        "after a prequalification a joint bid keeps its members; a bid of others is invalid (实施条例 第37条)",
    ),
    Cause.BIDS_TWICE: Text(
        "联合体成员在同一标段又单独投标或者参加其他联合体投标，相关投标均无效（招标投标法实施条例第37条）",
        "a member of a joint bid also bids alone or in another joint bid; all these bids are invalid (实施条例 第37条)",
    ),
}

PASSES: dict[Cause, Text] = {
    Cause.NOT_SEALED: Text(
        "请用投标页面或 yiwang seal 命令加密后再提交", "seal it on the bid page or with yiwang seal"
    ),
    Cause.WRONG_VERSION: Text("请用当前版本的客户端重新加密", "seal it again with the current client"),
    Cause.BAD_HEADER: Text("请重新加密并提交", "seal and submit it again"),
    Cause.KEYBOX_INCOMPLETE: Text("请重新加密并提交", "seal and submit it again"),
    Cause.BAD_SIZE: Text("请用本平台的客户端重新加密", "seal it again with our client"),
    Cause.CONTEXT_DIFFERS: Text("请为本标段重新加密", "seal it for this lot"),
    Cause.CUSTODIANS_DIFFER: Text("请按招标文件公布的公钥重新加密", "seal it to the public keys in the tender"),
    Cause.NOT_ENOUGH_KEYS: Text("等待其他保管人公布密钥", "wait for more custodians to publish their keys"),
    Cause.WRONG_KEY: Text("请该保管人选择本标段的密钥文件", "the custodian chooses the key file of this lot"),
}


class SealError(YiwangError):
    """An envelope is refused or does not open.

    Attributes:
        cause: the class of the failure.
        whose: whose fault it is, as far as the file and the keys can tell.
        detail: what exactly, for the user; None when the cause says all.
        custodians: indices of the custodians concerned, for key failures.
    """

    status = 422

    def __init__(
        self, cause: Cause, whose: Whose, detail: Text | None = None, *, custodians: tuple[int, ...] = ()
    ) -> None:
        self.cause = cause
        self.whose = whose
        self.detail = detail
        self.custodians = custodians
        base = CAUSE_TEXT[cause]
        message = base if detail is None else Text(f"{base.zh}：{detail.zh}", f"{base.en}: {detail.en}")
        super().__init__(Reason(f"seal.{cause.value}", message, field="envelope", passes=PASSES.get(cause)))

    @property
    def text(self) -> Text:
        """What went wrong and whose fault it is, as the opening record writes it."""
        message, side = self.reasons[0].message, WHOSE_TEXT[self.whose]
        return Text(f"{message.zh}（{side.zh}）", f"{message.en} ({side.en})")

    def blamed(self, whose: Whose) -> SealError:
        """The same failure with another side at fault."""
        return SealError(self.cause, whose, self.detail, custodians=self.custodians)


def tenderers(cause: Cause, zh: str = "", en: str = "") -> SealError:
    """A failure that lies in the file as the tenderer made it."""
    return SealError(cause, Whose.TENDERER, Text(zh, en) if zh else None)
