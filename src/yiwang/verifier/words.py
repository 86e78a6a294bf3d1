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
    "clarification.answer": Text("发布澄清或修改", "publish a clarification"),
    "objection.raise": Text("提出异议", "raise an objection"),
    "objection.answer": Text("答复异议", "answer an objection"),
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
    "evaluation.sign_report": Text("签署评标报告", "sign the evaluation report"),
    "candidates.publicise": Text("公示中标候选人", "publicise the candidates"),
    "award.decide": Text("定标", "decide the award"),
    "award.notify": Text("签发中标通知书", "send the award notice"),
    "contract.sign": Text("签署合同", "sign the contract"),
    "contract.register": Text("登记合同", "register the contract"),
    "tender.archive": Text("归档", "archive the dossier"),
    "tender.fail": Text("宣布招标失败", "declare the tender failed"),
    "tender.terminate": Text("终止招标", "terminate the tender"),
}
"""Every act that a dossier can disclose."""

ROLES: dict[str, Text] = {
    "buyer": Text("招标人", "buyer"),
    "agency": Text("招标代理机构", "agency"),
    "tenderer": Text("投标人", "tenderer"),
    "supplier": Text("中标人", "supplier"),
    "bidder": Text("已开标的投标人", "tenderer whose bid was opened"),
    "evaluator": Text("评标专家", "evaluator"),
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
