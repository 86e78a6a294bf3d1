"""Colours: both dark blocks agree, contrast is AA, no colour is written outside the tokens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import yiwang.ui

CSS = Path(yiwang.ui.__file__).parent / "static" / "ui" / "css"
TEXT_PAIRS = [
    *[(ink, ground) for ink in ("ink", "ink-soft", "ink-faint") for ground in ("paper", "canvas", "sunken")],
    *[("action", ground) for ground in ("paper", "canvas", "sunken", "action-wash")],
    *[(kind, f"{kind}-wash") for kind in ("good", "warn", "bad", "seal")],
    *[(kind, "paper") for kind in ("good", "warn", "bad", "seal")],
    *[("ink", f"{kind}-wash") for kind in ("action", "good", "warn", "bad")],
    ("ink-soft", "action-wash"),
    ("ink-faint", "action-wash"),
    ("good", "canvas"),
    ("warn", "action-wash"),
    ("action-ink", "action"),
    ("action-ink", "action-hover"),
    ("seal-ink", "seal"),
    ("focus-ink", "focus"),
    ("paper", "ink"),
]
SHAPE_PAIRS = [("line-strong", "paper"), ("line-strong", "canvas"), ("action", "paper"), ("seal", "canvas")]


def blocks() -> dict[str, dict[str, str]]:
    text = (CSS / "tokens.css").read_text()
    found = re.findall(r"(:root[^{]*){([^}]*)}", text)
    return {name.strip(): dict(re.findall(r"--([\w-]+):\s*([^;]+);", body)) for name, body in found}


LIGHT = blocks()[":root"]
DARK = {**LIGHT, **blocks()[':root[data-theme="dark"]']}


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21) and contrast("#777777", "#ffffff") == pytest.approx(
        4.48, abs=0.01
    )


def test_both_dark_blocks_agree() -> None:
    assert blocks()[':root:not([data-theme="light"])'] == blocks()[':root[data-theme="dark"]']


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_contrast(tokens: dict[str, str], ink: str, ground: str) -> None:
    assert contrast(tokens[ink], tokens[ground]) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), SHAPE_PAIRS)
def test_shape_contrast(tokens: dict[str, str], ink: str, ground: str) -> None:
    assert contrast(tokens[ink], tokens[ground]) >= 3


@pytest.mark.parametrize("name", ["base", "components", "evidence", "forms", "frames"])
def test_colours_come_from_tokens(name: str) -> None:
    text = (CSS / f"{name}.css").read_text().replace("background: #fff; padding: var(--s1)", "")
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|rgb\(", text)
    assert set(re.findall(r"var\(--([\w-]+)", text)) <= set(LIGHT)


@pytest.mark.parametrize("path", sorted(CSS.glob("*.css")), ids=lambda path: path.name)
def test_no_other_host(path: Path) -> None:
    assert not re.search(r"@import|url\(|https?:", path.read_text())
