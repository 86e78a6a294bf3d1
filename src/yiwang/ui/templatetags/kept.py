"""Parts of a page that are the same for everybody, rendered once and kept."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context

from yiwang.kernel.text import language

register = template.Library()

MOST = 64
"""Renderings kept of one part."""


class Kept(template.Node):
    """Its contents depend on the language and the given values alone."""

    def __init__(self, values: list[FilterExpression], nodelist: NodeList) -> None:
        self.values, self.nodelist = values, nodelist
        self._made: dict[tuple[Any, ...], str] = {}

    def render(self, context: Context) -> str:
        """The contents, from the last time when these values were the same; anew when the first of them is missing."""
        key = (language.get(), *(each.resolve(context) for each in self.values))
        if not key[1]:
            return self.nodelist.render(context)
        found = self._made.get(key)
        if found is None:
            if len(self._made) >= MOST:
                self._made.clear()
            found = self._made[key] = self.nodelist.render(context)
        return found


@register.tag
def kept(parser: Parser, token: Token) -> Kept:
    """``{% kept frame_key checkpoint %}…{% endkept %}``: contents that depend on the language and these values alone.

    They must be hashable. Nothing is kept where the first is missing, as on a page that has no frame of the site.
    """
    values = [parser.compile_filter(each) for each in token.split_contents()[1:]]
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(values, nodelist)
