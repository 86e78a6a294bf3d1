"""The checks of a dossier in the order of the report, each with what it recomputes from what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from yiwang.kernel.text import Text
from yiwang.verifier.checks import bids, clock, closing, custody, draw, evaluation, log, parties, result, witnessed
from yiwang.verifier.dossier import Dossier
from yiwang.verifier.report import Outcome


@dataclass(frozen=True, slots=True)
class Check:
    """One check: stable id, what it is about, what it recomputes from what, the function."""

    id: str
    title: Text
    basis: Text
    run: Callable[[Dossier], Outcome]


def _check(name: str, run: Callable[[Dossier], Outcome], *words: str) -> Check:
    """``words``: the title in Chinese and English, what is recomputed from what in Chinese and English."""
    zh, en, from_zh, from_en = words
    return Check(name, Text(zh, en), Text(from_zh, from_en), run)


CHECKS: tuple[Check, ...] = (
    _check("log", log.entries, "行为都在日志中", "every act is in the log",
           "由盐值和内容重算日志条目（SHA-256 与 SM3），由包含证明重算检查点的根",
           "from salt and content: each log entry (SHA-256 and SM3); from the inclusion proofs: the checkpoint's root"),
    _check("chain", log.chains, "本项目的行为序号连续、没有缺失", "the tender's acts are complete in sequence",
           "由各行为的序号和前一行为的条目", "from each act's number and the entry of the act before"),
    _check("order", log.order, "行为次序符合程序", "acts are in the order of the procedure",
           "由序号和时间", "from their numbers and times"),
    _check("witnessed", witnessed.witnessed, "截标、开标、抽取、定标等到了见证", "closing, opening, draw and award waited for witnesses",
           "由当时的检查点、见证人签名和一致性证明", "from the checkpoints of that time, the witnesses' signatures, and consistency proofs"),
    _check("private", log.private_parts, "非公开部分未被改动", "private parts are unaltered",
           "由其内容重算加盐摘要", "from their content: the salted digests"),
    _check("documents", bids.contents, "文件就是行为所载的文件", "the files are those that the acts name",
           "由每个文件重算 SHA-256", "from each file: its SHA-256"),
    _check("organisations", parties.organisations, "参与单位均已注册", "organisations are registered",
           "由注册行为核对信用代码和名称", "from the acts of registration: credit codes and names"),
    _check("custody", custody.custody, "保管人的一次性密钥", "the custodians' one-time keys",
           "由公布的私钥重算当初的公钥，重做持有证明", "from each released key: the public key given before the notice, and its proof of possession"),
    _check("closing", closing.closing, "每份投标都在截止之前", "every bid came before the closing",
           "由投标承诺重算截止根，由日志序号判断先后", "from the bids' commitments: the closing root; from log indexes: which came first"),
    _check("opening", bids.opening, "开标可以重做", "the opening can be redone",
           "用公布的密钥重新打开每份密封投标，核对报价、内容和签名",
           "with the released keys: every sealed bid opened again, its price, content and signature"),
    _check("keys", parties.bindings, "签名密钥的绑定", "bindings of signing keys",
           "由持有证明核对每把密钥", "from the proof of holding each key"),
    _check("signatures", parties.signatures, "每个签名", "every signature",
           "由签名人的公钥和所签内容核对签名；密钥须在日志中先行绑定",
           "from the signer's key and the statement; the key must be bound in the log before"),
    _check("draw.list", draw.frozen, "专家名单先行锁定", "the list of experts was frozen first",
           "由叶子重算名单的根", "from the leaves: the list's root"),
    _check("draw.beacon", draw.beacon, "抽签信标", "the draw's beacon",
           "由一致性证明核对信标是本日志较早的根", "from a consistency proof: the beacon is an earlier root of this log"),
    _check("draw", draw.draw, "抽取可以重做", "the draw can be redone",
           "由名单、三方随机数和信标重算种子、次序和席位", "from list, three shares and beacon: seed, order and seats"),
    _check("committee", draw.committee, "评委就是抽中的人", "the evaluators are those who were drawn",
           "由编号和盐值重算名单的叶子", "from codes and salts: the leaves of the list"),
    _check("formula", evaluation.formula, "评标办法没有改变", "the formula did not change",
           "由公告、程序和报告核对", "from notice, procedure and report"),
    _check("sheets", evaluation.sheets, "评分表", "the score sheets",
           "由评分表重算摘要，与报告和席位核对", "from the sheets: their digests, against report and seats"),
    _check("ranking", evaluation.ranking, "得分与名次", "totals and ranking",
           "由开标记录和评分表，按公告的办法重算", "from opening record and sheets, by the formula of the notice"),
    _check("report", evaluation.signed_by_all, "评标报告经全体评委签署", "the whole committee signed the report",
           "由席位和签名", "from seats and signatures"),
    _check("candidates", evaluation.candidates, "中标候选人", "the candidates",
           "由名次", "from the ranking"),
    _check("award", result.award, "中标结果", "the award",
           "由公示、定标和中标通知书", "from publicity, decision and notice"),
    _check("contract", result.contract, "合同", "the contract",
           "由公告、开标记录和中标通知书重写合同内容", "from notice, opening record and award notice: the contract's content"),
    _check("failure", result.failure, "招标失败的理由", "the reason of failure",
           "由截止条目或评标结果", "from the closing entry or the ranking"),
    _check("clock", clock.intervals, "法定期间", "the statutory periods",
           "由行为的时间，按法定时限规则重算", "from the acts' moments, by the law's clock"),
    _check("archive.list", log.archived, "归档清单齐全", "the archive's list is complete",
           "由归档行为所列条目", "from the entries that the act of archiving lists"),
)  # fmt: skip
"""Some rest on what an earlier one computed (``Dossier.scratch``): the order matters."""
