"""Amounts in Chinese capitals (大写金额), read and written, so that anybody can compare a price in words with its figures."""

from __future__ import annotations

import re

from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text

CAPITALS = "零壹贰叁肆伍陆柒捌玖"
_VALUES = {digit: value for digits in (CAPITALS, "〇一二三四五六七八九") for value, digit in enumerate(digits)} | {
    "两": 2
}
_PLAIN = str.maketrans("圆正千百十億萬", "元整仟佰拾亿万", " \u3000,，：:￥¥")
_D = "[壹贰叁肆伍陆柒捌玖一二三四五六七八九两]"
_SECTION = rf"零?(?:{_D}仟)?零?(?:{_D}佰)?零?(?:{_D}?拾)?零?{_D}?零?"
_AMOUNT = re.compile(
    rf"(?:(?:(?P<yi>{_SECTION})亿)?(?:(?P<wan>{_SECTION})万)?(?P<ge>{_SECTION})元)?零?(?:(?P<jiao>{_D})角)?零?(?:(?P<fen>{_D})分)?整?"
)
_PLACES = {"仟": 1000, "佰": 100, "拾": 10}


def fen_of_words(words: str, field: str = "words") -> int:
    """``人民币壹佰万元整`` as 100000000 fen; BadInput naming ``field`` when it is no amount above zero."""
    text = words.strip().removeprefix("人民币").translate(_PLAIN)
    found = _AMOUNT.fullmatch(text)
    amount = 0
    if found is not None and all(found[part] is None or _section(found[part]) for part in ("yi", "wan")):
        yuan = _section(found["yi"]) * 10**8 + _section(found["wan"]) * 10**4 + _section(found["ge"])
        amount = yuan * 100 + _VALUES.get(found["jiao"], 0) * 10 + _VALUES.get(found["fen"], 0)
    if amount <= 0:
        passes = Text("例如 壹佰贰拾叁万肆仟伍佰元整", "such as 壹佰贰拾叁万肆仟伍佰元整")
        raise bad(field, f"“{words}”不是大写金额", f"“{words}” is no amount in Chinese capitals", passes=passes)
    return amount


def _section(text: str | None) -> int:
    """The number from 0 to 9999 that a section's characters say."""
    total, digit = 0, None
    for character in text or "":
        if character in _PLACES:
            total += (1 if digit is None else digit) * _PLACES[character]
            digit = None
        elif _VALUES[character]:
            digit = _VALUES[character]
    return total + (digit or 0)


def words_of_fen(fen: int) -> str:
    """100000000 fen as ``壹佰万元整``; for amounts from one fen to below a trillion yuan."""
    if not 0 < fen < 10**14:
        raise ValueError(f"{fen} fen is not written in words")
    yuan, rest = divmod(fen, 100)
    jiao, cents = divmod(rest, 10)
    found = f"{_whole(yuan)}元" if yuan else ""
    if jiao:
        found += f"{CAPITALS[jiao]}角"
    elif cents and yuan:
        found += "零"
    return found + (f"{CAPITALS[cents]}分" if cents else "整")


def _whole(yuan: int) -> str:
    found, gap = "", False
    for size, unit in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part = yuan // size % 10**4
        if part:
            found += ("零" if found and (gap or part < 1000) else "") + _thousands(part) + unit
        gap = bool(found) and not part
    return found


def _thousands(number: int) -> str:
    found, gap = "", False
    for digit, unit in zip(map(int, f"{number:04d}"), ("仟", "佰", "拾", ""), strict=True):
        if digit:
            found += ("零" if gap else "") + CAPITALS[digit] + unit
        gap = bool(found) and not digit
    return found
