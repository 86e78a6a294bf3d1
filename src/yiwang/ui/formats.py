"""How values look on a page: money, moments, sizes, hashes. Pure functions; the reader's language is the kernel's."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString

from yiwang.kernel import money
from yiwang.kernel.moment import LOCAL, from_stamp, stamp
from yiwang.kernel.text import Text, language

NOTHING = "—"
WEEKDAYS_ZH = "一二三四五六日"
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def english() -> bool:
    """True when the reader chose English."""
    return language.get() == "en"


def yuan(fen: int | None) -> str:
    """``123456789`` fen as ``1,234,567.89``; a dash for nothing."""
    return NOTHING if fen is None or fen == "" else money.yuan(int(fen))


def money_html(fen: int | None) -> SafeString | str:
    """The exact amount with its unit, machine-readable value beside."""
    if fen is None or fen == "":
        return NOTHING
    unit = Text("元", "yuan")
    value = f"{Decimal(int(fen)) / 100:.2f}"
    return format_html('<data class="money" value="{}">{} <span class="unit">{}</span></data>', value, yuan(fen), unit)


def _rounded(fen: int, unit: int, places: str) -> str:
    return f"{(Decimal(fen) / 100 / unit).quantize(Decimal(places), ROUND_HALF_UP):,}"


def wan_text(fen: int) -> str:
    """The amount as officials say it: 亿元 from a hundred million yuan, 万元 from ten thousand, else 元."""
    size = abs(fen)
    if english():
        if size >= 10**8:
            return f"{_rounded(fen, 10**6, '0.01')} million yuan"
        return f"{money.yuan(fen)} yuan"
    if size >= 10**10:
        return f"{_rounded(fen, 10**8, '0.0001')} 亿元"
    if size >= 10**6:
        return f"{_rounded(fen, 10**4, '0.01')} 万元"
    return f"{money.yuan(fen)} 元"


def wan_html(fen: int | None) -> SafeString | str:
    """:func:`wan_text` with the exact amount on hover and on focus."""
    if fen is None or fen == "":
        return NOTHING
    fen = int(fen)
    exact = Text(f"{money.yuan(fen)} 元", f"{money.yuan(fen)} yuan")
    return format_html(
        '<data class="money wan" value="{}" title="{}" data-exact="{}" tabindex="0">{}</data>',
        f"{Decimal(fen) / 100:.2f}",
        exact,
        exact,
        wan_text(fen),
    )


def aware(value: datetime | str) -> datetime:
    """A moment in Asia/Shanghai. ValueError when it has no zone: a naive moment is a programmer's mistake."""
    moment = from_stamp(value) if isinstance(value, str) else value
    if moment.tzinfo is None:
        raise ValueError(f"naive moment {moment!r} on a page")
    return moment.astimezone(LOCAL)


def day_text(value: date) -> str:
    """``2026年11月23日 周一`` or ``Mon 23 Nov 2026``."""
    if english():
        return f"{WEEKDAYS_EN[value.weekday()]} {value.day} {MONTHS_EN[value.month - 1]} {value.year}"
    return f"{value.year}年{value.month}月{value.day}日 周{WEEKDAYS_ZH[value.weekday()]}"


def when_text(value: datetime | str) -> str:
    """``2026年11月23日 09:30 周一`` or ``Mon 23 Nov 2026, 09:30``, in Asia/Shanghai."""
    local = aware(value)
    if english():
        return f"{day_text(local)}, {local:%H:%M}"
    named, _, weekday = day_text(local).partition(" ")
    return f"{named} {local:%H:%M} {weekday}"


def when_html(value: datetime | str | None) -> SafeString | str:
    """:func:`when_text` in a ``<time>`` element; a dash for nothing."""
    if not value:
        return NOTHING
    return format_html('<time datetime="{}">{}</time>', stamp(aware(value)), when_text(value))


def day_html(value: date | datetime | str | None) -> SafeString | str:
    """The day alone, in a ``<time>`` element; moments are counted in Asia/Shanghai."""
    if not value:
        return NOTHING
    local = value if isinstance(value, date) and not isinstance(value, datetime) else aware(value).date()
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), day_text(local))


def hash_html(value: bytes | str | None) -> SafeString | str:
    """The first twelve hexadecimal digits of a hash; all of it on hover."""
    if not value:
        return NOTHING
    full = value.hex() if isinstance(value, (bytes, memoryview)) else str(value)
    short = full if len(full) <= 14 else f"{full[:12]}…"
    return format_html('<code class="hash" title="{}">{}</code>', full, short)


def size_text(count: int | None) -> str:
    """Bytes as ``820 B``, ``1.4 MB`` (powers of 1000)."""
    if count is None:
        return NOTHING
    amount = Decimal(count)
    for unit in ("B", "kB", "MB"):
        if amount < 1000:
            return f"{amount} B" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.2f} GB"


def left_text(seconds: int) -> Text:
    """How long is left, in the two largest units; the past is ``时间已到``."""
    if seconds <= 0:
        return Text("时间已到", "time is up")
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, second = divmod(rest, 60)
    if days:
        return Text(f"还剩 {days} 天 {hours} 小时", f"{days} d {hours} h left")
    if hours:
        return Text(f"还剩 {hours} 小时 {minutes} 分", f"{hours} h {minutes} min left")
    return Text(f"还剩 {minutes} 分 {second} 秒", f"{minutes} min {second} s left")
