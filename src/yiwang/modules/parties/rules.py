"""Rules of parties."""

from __future__ import annotations

from stdnum.cn import uscc as stdnum_uscc
from stdnum.exceptions import ValidationError

from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text

SELF_REGISTERED = {
    "enterprise": Text("企业（投标人、供应商）", "enterprise (tenderer, supplier)"),
    "buyer": Text("招标人、采购人", "buyer"),
    "agency": Text("招标代理机构", "agency"),
}
"""Kinds of organisation that register themselves; authorities and the like are set up by the center."""


def check_kind(kind: str, *, by_system: bool) -> None:
    """Whether an organisation of this kind may be registered so. BadInput when it may not."""
    if not by_system and kind not in SELF_REGISTERED:
        names = SELF_REGISTERED.values()
        passes = Text("、".join(each.zh for each in names), ", ".join(each.en for each in names))
        raise bad("kind", "这类单位由交易中心设立，不能自行注册", "such a body is set up by the center", passes=passes)


def checked_uscc(text: str) -> str:
    """The unified social credit code in its plain form.

    Raises:
        BadInput: wrong length, characters or check digit (GB 32100-2015); says which digit would be right.
    """
    code = stdnum_uscc.compact(text.strip().upper())
    try:
        stdnum_uscc.validate(code)
    except ValidationError:
        raise bad("uscc", *_fault(code), code="GB32100", article="GB 32100-2015", passes=Text(
            "营业执照上的 18 位统一社会信用代码", "the 18-character unified social credit code on the licence")) from None
    return str(code)


def _fault(code: str) -> tuple[str, str]:
    if len(code) != 18:
        return (f"统一社会信用代码应为 18 位，现在是 {len(code)} 位", f"a credit code has 18 characters; this one has {len(code)}")
    try:
        digit = stdnum_uscc.calc_check_digit(code[:-1])
    except (ValidationError, ValueError, KeyError):
        return ("统一社会信用代码含有不允许的字符", "the credit code holds characters that are not allowed")
    if digit == code[-1]:
        return ("统一社会信用代码含有不允许的字符", "the credit code holds characters that are not allowed")
    return (
        f"统一社会信用代码的校验位不对：前 17 位对应的校验位是 {digit}，填写的是 {code[-1]}",
        f"the check digit of the credit code is wrong: the first 17 characters give {digit}, not {code[-1]}",
    )
