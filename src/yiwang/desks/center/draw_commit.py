"""Commit a share of the draw's seed: one screen for host, center and supervisor."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks.fields import LineField
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.experts import acts
from yiwang.ui.forms import UiForm


class CommitForm(UiForm, forms.Form):
    """The commitment to 32 random bytes; the page's module makes them and fills it in."""

    commitment = LineField(
        label=Text("承诺（64 位十六进制）", "Commitment (64 hex digits)"),
        most=64,
        help_text=Text(
            "由本页在您的设备上生成；也可以粘贴命令行算出的承诺。",
            "Made by this page on your device; one from the command line may be pasted too.",
        ),
    )


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Commit."""
    return acts.commit(actor=actor, tender=number, commitment=data["commitment"].lower(), **extra)


register(
    Screen(
        "draw.commit",
        perform,
        form=CommitForm,
        template="desks/center/draw_share.html",
        intro=Text(
            "您的设备生成一个随机数，先只交它的指纹（承诺）。三方都承诺后再公开随机数，合成抽取种子：任何一方都不能单独左右结果。",
            "Your device makes a random share and hands in only its hash. Once all three sides have committed, "
            "the shares are revealed and make the seed: no side alone can steer the draw.",
        ),
    )
)
