"""A small icon set: 20 by 20 outlines drawn for this project; colour and size come from the style sheet."""

from __future__ import annotations

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

LINES: dict[str, str] = {
    "check": '<path d="M4.5 10.5l3.5 3.5 7.5-8"/>',
    "cross": '<path d="M5.5 5.5l9 9m0-9l-9 9"/>',
    "dot": '<circle cx="10" cy="10" r="4" fill="currentColor"/>',
    "ring": '<circle cx="10" cy="10" r="5"/>',
    "dashed": '<circle cx="10" cy="10" r="5.5" stroke-dasharray="2.6 2.2"/>',
    "bar": '<path d="M5 10h10"/>',
    "clock": '<circle cx="10" cy="10" r="7"/><path d="M10 6v4.2l2.8 1.8"/>',
    "seal": '<rect x="3" y="3" width="14" height="14" rx="2"/><path d="M6.5 7h7M6.5 10h7M6.5 13h7M10 7v6"/>',
    "info": '<circle cx="10" cy="10" r="7.5"/><path d="M10 9v5M10 6.2v.1"/>',
    "warn": '<path d="M10 3L18 17H2z"/><path d="M10 8v4.2M10 14.4v.1"/>',
    "stop": '<path d="M6.7 2.5h6.6l4.2 4.2v6.6l-4.2 4.2H6.7l-4.2-4.2V6.7z"/><path d="M10 6v5M10 13.6v.1"/>',
    "done": '<circle cx="10" cy="10" r="7.5"/><path d="M6.5 10.3l2.5 2.5 4.6-5"/>',
    "arrow": '<path d="M4 10h12M11 5l5 5-5 5"/>',
    "next": '<path d="M8 5l5 5-5 5"/>',
    "down": '<path d="M5 8l5 5 5-5"/>',
    "up": '<path d="M5 12l5-5 5 5"/>',
    "sort": '<path d="M6 8l4-4 4 4M6 12l4 4 4-4"/>',
    "file": '<path d="M5 2.5h6.5L15.5 6.5V17.5H5z"/><path d="M11.5 2.5v4h4"/>',
    "download": '<path d="M10 3v9M6 8.5l4 4 4-4M4 16.5h12"/>',
    "print": '<path d="M6 7V3h8v4M6 14H3.5V7h13v7H14"/><path d="M6 11.5h8V17H6z"/>',
    "copy": '<rect x="7" y="7" width="9.5" height="9.5" rx="1.5"/><path d="M13 7V3.5H3.5V13H7"/>',
    "person": '<circle cx="10" cy="6.8" r="3.3"/><path d="M3.5 17c.6-3.6 3.2-5.2 6.5-5.2s5.9 1.6 6.5 5.2"/>',
    "masked": '<path d="M3 10s2.6-4.5 7-4.5 7 4.5 7 4.5-2.6 4.5-7 4.5S3 10 3 10z"/><path d="M4 16L16 4"/>',
    "lock": '<rect x="4.5" y="9" width="11" height="8" rx="1.5"/><path d="M7 9V6.5a3 3 0 016 0V9"/>',
    "search": '<circle cx="9" cy="9" r="5"/><path d="M13 13l4 4"/>',
    "theme": '<circle cx="10" cy="10" r="7"/><path d="M10 3a7 7 0 000 14z" fill="currentColor"/>',
    "globe": '<circle cx="10" cy="10" r="7"/><path d="M3 10h14M10 3c4.5 4.5 4.5 9.5 0 14c-4.5-4.5-4.5-9.5 0-14z"/>',
    "menu": '<path d="M3.5 6h13M3.5 10h13M3.5 14h13"/>',
    "scales": '<path d="M10 3v14M6 17h8M4 6h12M4 6l-2 5h4zM16 6l-2 5h4z"/>',
    "inbox": '<path d="M3 11l2.5-7h9L17 11v6H3z"/><path d="M3 11h4l1 2h4l1-2h4"/>',
}


@lru_cache(maxsize=128)
def icon_svg(name: str) -> SafeString:
    """One icon, hidden from assistive technology: words stand beside it. KeyError for an unknown name."""
    return format_html(
        '<svg class="icon icon-{}" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">'
        '<g fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round">{}</g>'
        "</svg>",
        name,
        mark_safe(LINES[name]),
    )
