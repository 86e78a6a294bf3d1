"""Rows of the organisation's transition table about members, certificates and lost factors."""

from __future__ import annotations

from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Guard, Transition
from yiwang.modules.parties import members


def _row(
    act: str, zh: str, en: str, roles: tuple[str, ...], article: str, *, guard: Guard | None = None, tells: bool = False, by_time: bool = False
) -> Transition:
    return Transition(
        act, Text(zh, en), "organisation", roles=roles, sources=(), guards=(guard,) if guard else (), articles=(article,),
        tells=("manager",) if tells else (), by_time=by_time, offered=not by_time,
    )  # fmt: skip


MEMBERS = (
    _row("member.invite", "邀请已有账号的人加入", "invite somebody who has an account", ("manager",), "民法典 第165条"),
    _row("member.join", "接受邀请，加入单位", "accept an invitation", ("person",), "民法典 第165条", guard=members.may_join, tells=True),
    _row("member.leave", "退出单位", "leave the organisation", ("person",), "民法典 第173条", guard=members.belongs, tells=True),
)
CERTIFICATES = (
    _row("certificate.bind", "绑定机构证书", "bind a certificate", ("person",), "电子签名法 第13条", guard=members.may_bind, tells=True),
    _row("certificate.revoke", "停用机构证书", "end a certificate", ("person", "system"), "电子签名法 第15条",
         guard=members.may_bind, tells=True),
    _row("certificate.endorse", "用机构证书为签名密钥背书", "endorse a signing key", ("person",), "电子签名法 第13条", guard=members.belongs),
)  # fmt: skip
RESETS = (
    _row("reset.ask", "申请重设成员的登录方式", "ask to reset a member's sign-in", ("manager", "center"), "网络安全法 第21条", tells=True),
    _row("reset.agree", "同意重设成员的登录方式", "agree to reset a member's sign-in", ("manager", "center"), "网络安全法 第21条", tells=True),
    _row("reset.object", "反对重设登录方式", "object to a reset", ("person",), "网络安全法 第21条", tells=True),
    _row("reset.carry_out", "重设登录方式", "reset a member's sign-in", ("system",), "网络安全法 第21条", tells=True, by_time=True),
)
