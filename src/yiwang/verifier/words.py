"""What acts and roles are called. The center has the same words in its transition tables; a test holds the two together."""

from __future__ import annotations

from datetime import datetime

from yiwang.kernel.moment import LOCAL
from yiwang.kernel.text import Text

ACTS: dict[str, Text] = {
    "organisation.register": Text("注册单位", "register an organisation"),
    "person.bind_key": Text("绑定签名密钥", "bind a signing key"),
    "tender.enter": Text("进场登记", "enter a tender"),
    "tender.attach_document": Text("上传招标文件", "attach a document"),
    "custody.appoint": Text("指定密钥保管人", "appoint custodians"),
    "custody.replace": Text("更换密钥保管人", "replace a custodian"),
    "custody.provide_key": Text("提供一次性公钥", "give a one-time public key"),
    "custody.refuse": Text("声明不能履行保管", "declare that I cannot keep the key"),
    "tender.publish": Text("发布招标公告", "publish the notice"),
    "tender.suspend": Text("暂停招标", "suspend the tender"),
    "deadline.follow": Text("截止时间随另一信封顺延", "move the deadline with the other envelope's"),
    "tender.resume": Text("恢复招标", "let the tender go on"),
    "clarification.answer": Text("发布澄清或修改", "publish a clarification"),
    "objection.raise": Text("提出异议或质疑", "raise an objection or query"),
    "objection.answer": Text("答复异议或质疑", "answer an objection or query"),
    "objection.withdraw": Text("撤回异议或质疑", "withdraw an objection or query"),
    "complaint.file": Text("投诉", "complain to the department"),
    "complaint.correct": Text("补正投诉", "correct a complaint"),
    "complaint.withdraw": Text("撤回投诉", "withdraw a complaint"),
    "complaint.return": Text("告知补正投诉", "ask for a correction of a complaint"),
    "complaint.accept": Text("受理投诉", "accept a complaint"),
    "complaint.refuse": Text("不予受理投诉", "refuse a complaint"),
    "complaint.suspend": Text("责令暂停", "order a suspension"),
    "complaint.resume": Text("恢复进行", "let it go on"),
    "complaint.decide": Text("作出投诉处理决定", "decide a complaint"),
    "bid.submit": Text("密封并提交投标", "seal and submit a bid"),
    "bid.commit": Text("登记密封文件的摘要", "commit to a sealed file"),
    "bid.deliver": Text("传完密封文件", "deliver the sealed file"),
    "bid.withdraw": Text("撤回投标", "withdraw the bid"),
    "opening.close": Text("截止投标", "close bidding"),
    "opening.release_key": Text("公布一次性密钥", "release the one-time key"),
    "opening.open": Text("开标", "open the bids"),
    "opening.confirm": Text("确认开标记录", "confirm the opening record"),
    "hall.advance": Text("进入下一项议程", "go on to the next point"),
    "hall.pause": Text("暂停开标会", "pause the session"),
    "hall.resume": Text("恢复开标会", "resume the session"),
    "hall.postpone": Text("推迟开标", "put off the opening"),
    "hall.incident": Text("记录意外情况", "record an incident"),
    "hall.ask": Text("向主持人提问", "ask the host"),
    "hall.answer": Text("答复现场提问", "answer a question"),
    "draw.freeze_list": Text("锁定专家名单", "freeze the list of eligible experts"),
    "draw.commit": Text("提交抽取随机数的承诺", "commit a share of the draw's seed"),
    "draw.reveal": Text("公开抽取随机数", "reveal the share"),
    "draw.seat": Text("抽取评标委员会", "draw the committee"),
    "draw.decline": Text("回避或不能参加", "step aside"),
    "evaluation.declare": Text("签署回避声明", "declare no conflict of interest"),
    "evaluation.submit_sheet": Text("签署并提交评分表", "sign and hand in the score sheet"),
    "evaluation.conclude": Text("汇总形成评标报告", "make the evaluation report"),
    "coefficient.commit": Text("提交浮动系数抽取的承诺", "commit a share for drawing the coefficient"),
    "draw.forfeit": Text("登记逾期未公开抽取随机数", "record that a share of the seed was not revealed in time"),
    "coefficient.forfeit": Text("登记逾期未公开随机数", "record that a share was not revealed in time"),
    "award.forfeit_lots": Text("登记逾期未公开定标抽签随机数", "record that a share of the draw of lots was not revealed in time"),
    "coefficient.reveal": Text("公开随机数，抽出浮动系数", "reveal the share and draw the coefficient"),
    "evaluation.correct_sheet": Text("更正客观项评分", "correct objective scores"),
    "evaluation.correct_price": Text("提出报价修正", "propose to correct a price"),
    "evaluation.quantify": Text("提出偏差量化", "propose to price deviations"),
    "evaluation.vote_price": Text("表决报价修正和偏差量化", "vote on a corrected price or priced deviations"),
    "evaluation.confirm_price": Text("答复修正报价", "answer a corrected price"),
    "evaluation.ask_price": Text("要求说明异常低价", "ask to explain a low price"),
    "evaluation.explain_price": Text("说明报价的合理性", "explain the price"),
    "evaluation.judge_price": Text("认定异常低价", "find on a low price"),
    "award.seat": Text("组建定标委员会", "seat the award committee"),
    "award.vote": Text("定标票决", "vote on the award"),
    "award.commit_lots": Text("提交定标抽签的承诺", "commit a share for the draw of lots"),
    "award.reveal_lots": Text("公开定标抽签随机数", "reveal the share for the draw of lots"),
    "evaluation.sign_report": Text("签署评标报告", "sign the evaluation report"),
    "candidates.publicise": Text("公示中标候选人", "publicise the candidates"),
    "award.decide": Text("定标", "decide the award"),
    "award.notify": Text("签发中标通知书", "send the award notice"),
    "contract.sign": Text("签署合同", "sign the contract"),
    "contract.register": Text("登记合同", "register the contract"),
    "tender.archive": Text("归档", "archive the dossier"),
    "tender.fail": Text("宣布招标失败", "declare the tender failed"),
    "tender.terminate": Text("终止招标", "terminate the tender"),
    "tender.invite": Text("发出投标邀请书", "send the invitations"),
    "invitees.list": Text("确定备选供应商名单", "fix the list of candidates to invite"),
    "invitees.commit": Text("提交抽取受邀供应商的承诺", "commit a share for drawing whom to invite"),
    "invitees.reveal": Text("公开随机数，抽出受邀供应商", "reveal the share and draw whom to invite"),
    "invitees.forfeit": Text("登记交易中心逾期未公开随机数", "record that the center did not reveal its share in time"),
    "admission.decide": Text("确定通过名单", "decide the admission"),
    "draw.carry": Text("沿用前一轮评标委员会", "let the earlier round's committee sit again"),
    "review.record": Text("签署公平竞争审查表", "sign the fair-competition form off"),
    "review.justify": Text("说明保留条款的理由", "give the reason for a term"),
    "draft.revise": Text("修改登记内容", "change what the entry says"),
    "draft.drop_document": Text("撤下招标文件", "take a document back"),
    "negotiation.talk": Text("记录与供应商的谈判", "record the talk with a supplier"),
    "negotiation.change": Text("书面通知需求变动", "tell a change of the requirements"),
    "negotiation.close": Text("结束谈判", "end the talks"),
    "negotiation.settle": Text("形成采购结果", "settle the result"),
    "source.publicise": Text("公示单一来源采购", "publicise the single source"),
    "source.object": Text("对单一来源公示提出异议", "object to the single source"),
    "source.answer": Text("答复对单一来源公示的异议", "answer the objection to the single source"),
    "framework.choose": Text("确定订单的供应商", "decide whom the order goes to"),
    "framework.apply": Text("申请加入开放式框架协议", "apply to join the open framework"),
    "framework.review": Text("审核加入申请", "review an application"),
    "framework.close": Text("结束征集", "take no more suppliers"),
}
"""Every act that a dossier can disclose."""

ROLES: dict[str, Text] = {
    "buyer": Text("招标人", "buyer"),
    "agency": Text("招标代理机构", "agency"),
    "tenderer": Text("投标人", "tenderer"),
    "supplier": Text("中标人", "supplier"),
    "invitee": Text("受邀请人", "invited tenderer"),
    "bidder": Text("已开标的投标人", "tenderer whose bid was opened"),
    "objector": Text("提出异议或质疑的人", "who objected"),
    "complainant": Text("投诉人", "complainant"),
    "evaluator": Text("评标专家", "evaluator"),
    "asked": Text("被要求说明报价的投标人", "tenderer asked to explain its price"),
    "award_member": Text("定标委员会成员", "member of the award committee"),
    "custodian": Text("密钥保管人", "custodian"),
    "center": Text("交易中心", "trading center"),
    "supervisor": Text("行政监督部门", "supervisor"),
    "person": Text("已登录的人", "anybody signed in"),
    "system": Text("系统（按时间）", "the system, by time"),
}
"""Roles in which somebody acts."""


def act_name(act: str) -> Text:
    """What an act is called; an unknown one by its own name."""
    return ACTS.get(act) or Text(act, act)


def role_name(role: str) -> Text:
    """What a role is called; an unknown one by its own name."""
    return ROLES.get(role) or Text(role, role)


_DAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def beijing(at: datetime) -> Text:
    """Beijing time to the second, as an official reads it."""
    here = at.astimezone(LOCAL)
    clock = here.strftime("%H:%M:%S")
    return Text(
        f"{here.year}年{here.month}月{here.day}日（{_DAYS[here.weekday()]}）{clock}",
        f"{here.day} {_MONTHS[here.month - 1]} {here.year}, {clock}",
    )
