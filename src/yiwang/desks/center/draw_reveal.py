"""Reveal the share that was committed to: one screen for host, center and supervisor."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks.fields import LineField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.experts import acts
from yiwang.ui.forms import UiForm


class RevealForm(UiForm, forms.Form):
    """The share; the page's module fills it in from this browser or from the saved file."""

    share = LineField(
        label=Text("随机数（64 位十六进制）", "Share (64 hex digits)"),
        most=64,
        help_text=Text(
            "承诺时保存在本机；换了设备可选择当时存下的文件，或粘贴。",
            "Kept on this device when committing; on another device choose the saved file, or paste it.",
        ),
    )


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Reveal."""
    return acts.reveal(actor=actor, tender=number, share=data["share"].lower(), **extra)


register(
    Screen(
        "draw.reveal",
        perform,
        form=RevealForm,
        template="desks/center/draw_share.html",
        intro=Text(
            "三方都已承诺。公开的随机数须与承诺一致，平台会核对。",
            "All three sides have committed. The share must match its commitment; the platform checks.",
        ),
    )
)
