"""Bilingual text and the house's number, money and time formats in templates."""

from __future__ import annotations

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from yiwang.kernel.text import Text, language
from yiwang.ui import formats

register = template.Library()


@register.simple_tag
def say(zh: object, en: str = "", **values: object) -> SafeString:
    """One sentence in the reader's language: ``{% say "截止 {at}" "closes {at}" at=tender.closes|when %}``.

    Arguments: the Chinese and the English, or one Text. Keyword arguments fill ``{name}`` places and are escaped
    unless they are already safe HTML; the sentences themselves are always escaped. ``as name`` keeps the result.
    """
    chosen = str(zh) if isinstance(zh, Text) or not en else str(en if language.get() == "en" else zh)
    return format_html(escape(chosen), **values) if values else escape(chosen)


register.filter("yuan", formats.yuan)
register.filter("wan", formats.wan_html)
register.filter("money", formats.money_html)
register.filter("when", formats.when_html)
register.filter("day", formats.day_html)
register.filter("short_hash", formats.hash_html)
register.filter("size", formats.size_text)
