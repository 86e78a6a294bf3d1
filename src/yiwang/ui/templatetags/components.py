"""The components. Each tag's docstring gives its parameters; shapes are in ``yiwang.ui.shapes``."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any
from zlib import crc32

import segno
from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from yiwang.kernel.moment import now, stamp
from yiwang.kernel.text import Text, language
from yiwang.ui import bundles, formats, icons, shapes, show, tables
from yiwang.ui import language as reader

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """``{% icon "seal" %}``: one icon of ``yiwang.ui.icons``, hidden from assistive technology."""
    return icons.icon_svg(name)


@register.simple_tag
def html_lang() -> str:
    """The value of ``<html lang>``: ``zh-Hans`` or ``en``."""
    return reader.HTML_CODE[language.get()]


@register.simple_tag
def reader_theme() -> str:
    """The reader's theme: ``auto``, ``light``, ``dark``."""
    return reader.theme.get()


@register.simple_tag
def site_name() -> object:
    """``settings.YIWANG_SITE_NAME`` (a Text), else the product's own name."""
    return getattr(settings, "YIWANG_SITE_NAME", Text("一网 · 公共资源交易", "Yiwang · Public Trading"))


@register.simple_tag(takes_context=True)
def here(context: template.Context) -> str:
    """Path and query of the running request, for ``next`` fields; ``/`` when there is no request."""
    request = context.get("request")
    return request.get_full_path() if request else "/"


@register.simple_tag(takes_context=True)
def address(context: template.Context, **changes: Any) -> str:
    """``{% address page=2 q=None %}``: the running query string with changes; None removes a key."""
    return tables.address(context.get("request"), **changes)


@register.simple_tag
def shown(value: Any, kind: str = "text") -> Any:
    """``{% shown value "money" %}``: a value as facts and tables show it."""
    return show.show(value, kind)


@register.simple_tag
def money(fen: int | None) -> Any:
    """``{% money tender.ceiling %}``: the exact amount of fen with its unit."""
    return formats.money_html(fen)


@register.inclusion_tag("ui/parts/tag.html")
def tag(label: Any, kind: str = "neutral") -> dict[str, Any]:
    """``{% tag "进行中" "open" %}``; kinds: neutral open wait good bad stopped final. ``label`` may be a Tag."""
    if show.pick(label, "kind"):
        return show.tag_context(show.pick(label, "label"), show.pick(label, "kind"))
    return show.tag_context(label, kind)


STEP_ICONS = {"done": "check", "now": "dot", "next": "ring", "skipped": "bar"}


def _marked(steps: Any) -> list[tuple[Any, str]]:
    return [(step, STEP_ICONS[show.pick(step, "state")]) for step in steps]


@register.inclusion_tag("ui/parts/timeline.html")
def timeline(steps: Any, label: Any = "", compact: bool = False) -> dict[str, Any]:
    """``{% timeline steps label="…" compact=True %}``: the life of a tender; ``steps`` are Step."""
    return {"steps": _marked(steps), "label": label, "compact": compact}


@register.inclusion_tag("ui/parts/steps_agenda.html")
def steps_agenda(items: Any, label: Any = "") -> dict[str, Any]:
    """``{% steps_agenda items label="…" %}``: the numbered agenda of a meeting; ``items`` are AgendaItem."""
    return {"items": _marked(items), "label": label}


@register.inclusion_tag("ui/parts/next_step.html")
def next_step(possible: Any, title: Any = "") -> dict[str, Any]:
    """``{% next_step acts %}``: what the reader can do now and until when; ``acts`` are Possible."""
    return {"acts": possible, "title": title}


@register.inclusion_tag("ui/parts/why_not.html")
def why_not(blocked: Any, title: Any = "", open: bool = False) -> dict[str, Any]:  # noqa: A002 - the word in HTML
    """``{% why_not acts %}``: acts not possible now, with reasons, article and what passes; ``acts`` are Blocked."""
    return {"acts": blocked, "title": title, "open": open}


@register.inclusion_tag("ui/parts/receipt.html")
def receipt(receipt: Any) -> dict[str, Any]:
    """``{% receipt receipt %}``: a Receipt card."""
    return {"receipt": receipt, "facts": shapes.facts_of(show.pick(receipt, "facts") or ())}


@register.inclusion_tag("ui/parts/seal_mark.html")
def seal_mark(seal: Any) -> dict[str, Any]:
    """``{% seal_mark seal %}``: the small seal that opens what was recorded; nothing for None."""
    return {"seal": seal}


@register.inclusion_tag("ui/parts/facts.html")
def facts(rows: Any, columns: int = 2) -> dict[str, Any]:
    """``{% facts rows columns=2 %}``: a definition grid of (label, value), (label, value, kind) or Fact."""
    return {"rows": shapes.facts_of(rows), "columns": columns}


@register.inclusion_tag("ui/parts/table.html")
def table(table: Any) -> dict[str, Any]:
    """``{% table table %}``: a ``yiwang.ui.tables.Table``, made with ``table_of``."""
    return {"table": table, "region": f"table-{crc32(str(table.caption).encode())}"}


@register.inclusion_tag("ui/parts/empty.html")
def empty(title: Any, hint: Any = "", url: str = "", action: Any = "", icon: str = "inbox") -> dict[str, Any]:
    """``{% empty title hint url action %}``: nothing here, why, and the way on."""
    return {"title": title, "hint": hint, "url": url, "action": action, "icon": icon}


NOTICES = {
    "info": ("info", Text("提示", "Note")),
    "warn": ("warn", Text("注意", "Attention")),
    "error": ("stop", Text("错误", "Error")),
    "success": ("done", Text("已完成", "Done")),
    "checked": ("done", Text("已核对", "Checked")),
    "alarm": ("stop", Text("警报", "Alarm")),
    "debug": ("info", Text("提示", "Note")),
    "warning": ("warn", Text("注意", "Attention")),
}
"""Kinds of notice, with the tag names that Django's messages use."""


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: Any = "") -> str:
    """``{% notice "warn" "标题" %}…{% endnotice %}``; kinds: info warn error success checked alarm."""
    sign, word = NOTICES[kind]
    shape = {"warning": "warn", "debug": "info", "checked": "success", "alarm": "error"}.get(kind, kind)
    context = {"kind": shape, "icon": sign, "word": word, "title": title, "body": mark_safe(content)}
    return render_to_string("ui/parts/notice.html", context)


@register.simple_block_tag
def card(content: str, title: Any = "", level: int = 2) -> str:
    """``{% card "标题" level=3 %}…{% endcard %}``: a titled box."""
    return render_to_string("ui/parts/card.html", {"title": title, "level": level, "body": mark_safe(content)})


@register.inclusion_tag("ui/parts/progress.html")
def progress(label: Any, value: int | float, most: int | float, note: Any = "") -> dict[str, Any]:
    """``{% progress "已上传" 3 10 note="…" %}``: how far long work has come."""
    return {
        "label": label,
        "value": value,
        "most": most,
        "note": note,
        "percent": int(100 * value / most) if most else 0,
    }


@register.inclusion_tag("ui/parts/tabs.html")
def tabs(links: Any, label: Any = "") -> dict[str, Any]:
    """``{% tabs links label="…" %}``: tabs as ordinary links; ``links`` are Link."""
    return {"links": links, "label": label}


@register.inclusion_tag("ui/parts/breadcrumbs.html")
def breadcrumbs(links: Any) -> dict[str, Any]:
    """``{% breadcrumbs links %}``: where this page stands; ``links`` are Link, the last one the page itself."""
    return {"links": links}


@register.inclusion_tag("ui/parts/countdown.html")
def countdown(until: datetime, label: Any = "", large: bool = False) -> dict[str, Any]:
    """``{% countdown tender.closes label="投标截止" large=True %}``: the moment, how long is left by our clock, and
    (with JavaScript) how far the visitor's own clock is off."""
    moment = now()
    return {
        "until": formats.aware(until),
        "stamp": stamp(formats.aware(until)),
        "now": stamp(moment),
        "left": formats.left_text(int((formats.aware(until) - moment).total_seconds())),
        "label": label,
        "large": large,
        "clock_url": _clock_url(),
    }


def _clock_url() -> str:
    """Where the site tells its time to everybody alike; '' where it does not."""
    try:
        return reverse("public:hall_clock")
    except NoReverseMatch:
        return ""


@register.inclusion_tag("ui/parts/file_list.html")
def file_list(files: Any, label: Any = "") -> dict[str, Any]:
    """``{% file_list files label="…" %}``: files with size and SHA-256; ``files`` are File."""
    return {"files": files, "label": label}


@register.inclusion_tag("ui/parts/person_chip.html")
def person_chip(person: Any) -> dict[str, Any]:
    """``{% person_chip person %}``: a Person, masked when the name is not public yet."""
    return {"person": person}


@register.inclusion_tag("ui/parts/copy.html")
def copy(value: str, label: Any = "") -> dict[str, Any]:
    """``{% copy value label="…" %}``: a value in full with a copy button (the button needs JavaScript)."""
    return {"value": value, "label": label}


@register.inclusion_tag("ui/parts/print_button.html")
def print_button(label: Any = "") -> dict[str, Any]:
    """``{% print_button %}``: opens the browser's print dialogue; absent without JavaScript."""
    return {"label": label}


@register.simple_tag
def qr(url: str, label: Any = "") -> SafeString:
    """``{% qr url %}``: a QR code as inline SVG, black on white in both themes; ``label`` names it."""
    name = label or Text("二维码：", "QR code: ").__str__() + url
    return format_html('<span class="qr" role="img" aria-label="{}">{}</span>', name, mark_safe(_qr_svg(url)))


@lru_cache(maxsize=64)
def _qr_svg(url: str) -> str:
    """Drawn once for each address: the checkpoint's stands on every page."""
    code = segno.make(url, error="m", micro=False)
    return str(code.svg_inline(border=2, omitsize=True, svgclass=None, lineclass=None))


@register.inclusion_tag("ui/parts/bundle.html")
def bundle(name: str) -> dict[str, Any]:
    """``{% bundle "seal" %}``: the built browser module ``static/build/seal.js``, or a clear message without it."""
    path = f"{bundles.FOLDER}/{name}.js"
    built = bool(finders.find(path))
    return {"name": name, "src": static(path) if built else "", "integrity": bundles.integrity(f"{name}.js") if built else ""}


@register.inclusion_tag("ui/form/form.html", takes_context=True)
def form(  # noqa: PLR0917 - a template tag; callers name them
    context: template.Context,
    form: Any,
    submit: Any = "",
    action: str = "",
    method: str = "post",
    cancel_url: str = "",
    final: bool = False,
    note: Any = "",
) -> dict[str, Any]:
    """``{% form form submit="密封并提交投标" %}``: the whole form with error summary, token, fields and button.

    ``submit`` names the act; ``action`` defaults to the page itself; ``cancel_url`` adds a way back; ``final=True``
    marks an act that cannot be undone; ``note`` stands above the button.
    """
    values = {"form": form, "submit": submit, "action": action, "method": method, "cancel_url": cancel_url}
    return {**values, "final": final, "note": note, "csrf_token": context.get("csrf_token"), "whole": True}


@register.inclusion_tag("ui/form/summary.html")
def form_summary(form: Any) -> dict[str, Any]:
    """``{% form_summary form %}``: the error summary alone, for forms laid out by hand."""
    from yiwang.ui.forms import summary_of  # forms import this page's neighbours; late to keep one direction

    return {"entries": summary_of(form)}


@register.filter
def field_view(bound: Any) -> Any:
    """What ``ui/form/field.html`` shows of a bound field."""
    from yiwang.ui.forms import view_of

    return view_of(bound)
