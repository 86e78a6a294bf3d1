"""The checks of a dossier in the order of the report, each with what it recomputes from what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from yiwang.kernel.text import Text
from yiwang.verifier.checks import (
    admission,
    bids,
    clock,
    closing,
    course,
    custody,
    draw,
    evaluation,
    log,
    own_law,
    parties,
    public_draws,
    remedies,
    result,
    review,
    talks,
    witnessed,
)
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
    _check("procedure", own_law.procedure, "采购方式的文本", "the procedure's text",
           "由进场登记和公告载明的摘要核对案卷包内的文本；没有的，是软件自带的",
           "from the digests in entry and notice: the text in the dossier; without these, the program's own"),
    _check("course", course.course, "每个行为都是本采购方式的步骤", "every act is a step of its procedure",
           "由公告载明的采购方式及其版本重走每一步", "from the procedure and version that the notice names: each step walked again"),
    _check("review", review.review, "发布前审查", "the review before publication",
           "由理由所指的句子重算摘要，由审查意见核对审查表", "from each sentence its digest; from the findings: the form"),
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
    _check("coefficient", public_draws.coefficient, "公开抽取的浮动系数和签号", "the coefficient and lots drawn in public",
           "由公布的可选系数、各方随机数和日志根重算", "from the published choices, the shares and a root of the log"),
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
    _check("invitation", admission.invitation, "受邀请人", "who was invited",
           "由邀请书、前一轮的通过名单和开标记录", "from the invitation, the earlier round's list and the opening record"),
    _check("admission", admission.admitted, "通过名单", "whom the round admitted",
           "由评审报告和开标记录重新得出名单；第二信封只开启通过的",
           "the list again from report and opening record; second envelopes of those admitted only"),
    _check("vote", public_draws.vote, "定标票决", "the award committee's vote",
           "由票决办法和每一张记名票重新计票，必要的抽签重算", "from the rule and every open ballot: counted again; a draw of lots computed again"),
    _check("talks", talks.talks, "谈判", "the talks",
           "由开启记录、席位和谈判、变动各行为", "from opening record, seats, and the acts of talks and changes"),
    _check("settled", talks.settled, "不设小组的采购结果", "a result without a group",
           "由开启记录、评审办法和商定的价格重算", "from opening record, formula and agreed price"),
    _check("source", talks.source, "单一来源公示", "the publicity of a single source",
           "由公示、答复和邀请", "from publicity, answers and invitation"),
    _check("framework", talks.order, "框架协议的订单", "an order under a framework agreement",
           "由入围名单、方式和轮次推出", "from the list of the admitted, the manner and the turn"),
    _check("award", result.award, "中标结果", "the award",
           "由公示、定标和中标通知书", "from publicity, decision and notice"),
    _check("lots", course.lot_order, "中标标段数不超过限制", "nobody wins more lots than the notice says",
           "由在前标段的中标结果重算谁被让过", "from the winners of the lots decided before: who is passed over"),
    _check("contract", result.contract, "合同", "the contract",
           "由公告、开标记录和中标通知书重写合同内容", "from notice, opening record and award notice: the contract's content"),
    _check("failure", result.failure, "招标失败的理由", "the reason of failure",
           "由截止条目或评标结果", "from the closing entry or the ranking"),
    _check("remedies", remedies.remedies, "异议、质疑的答复和投诉的处理", "answers to objections, and decisions on complaints",
           "由提出、受理的时间按法定期限重算到期日", "from when they were raised or accepted: the due dates, by the law's clock"),
    _check("stillness", remedies.stillness, "暂停和恢复", "suspensions",
           "由暂停、恢复、处理决定各行为，重走每一段暂停", "from the acts that suspend and let go on: each suspension walked again"),
    _check("clock", clock.intervals, "法定期间", "the statutory periods",
           "由行为的时间，按法定时限规则重算", "from the acts' moments, by the law's clock"),
    _check("archive.list", log.archived, "归档清单齐全", "the archive's list is complete",
           "由归档行为所列条目", "from the entries that the act of archiving lists"),
)  # fmt: skip
"""Some rest on what an earlier one computed (``Dossier.scratch``): the order matters."""
