"""What must hold for every template of the product: bilingual, no inline script or style, no other host."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import yiwang

ROOT = Path(yiwang.__file__).parent
TEMPLATES = sorted(path for path in ROOT.glob("**/templates/**/*.html") if "node_modules" not in path.parts)
CJK = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
SAY = re.compile(r'{%\s*say\s+"[^"]*"\s+"[^"]*"[^%]*%}')
COMMENT = re.compile(r"{#.*?#}|{%\s*comment\s*%}.*?{%\s*endcomment\s*%}", re.S)


def bare(text: str) -> str:
    """The template without its comments and complete say tags."""
    return SAY.sub("", COMMENT.sub("", text))


def test_there_are_templates() -> None:
    assert len(TEMPLATES) > 30


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_chinese_stands_only_in_say_beside_its_english(path: Path) -> None:
    # The language switch names the other language in its own script, inside say as well.
    assert not CJK.findall(bare(path.read_text()))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_english_of_say_is_complete(path: Path) -> None:
    for zh, en in re.findall(r'{%\s*say\s+"([^"]*)"\s+"([^"]*)"', path.read_text()):
        assert en.strip() or not zh.strip()
        if zh != "English":
            assert not re.search(r"[\u4e00-\u9fff]", en) or en == "中文"
        assert sorted(re.findall(r"{(\w+)}", zh)) == sorted(re.findall(r"{(\w+)}", en))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_that_the_content_policy_forbids(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\s(style|on[a-z]+)\s*=", re.sub(r"{[%{].*?[%}]}", "", text))
    assert not re.search(r"<style", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))
    assert "https://" not in text and "http://" not in text


def test_the_check_would_find_bare_chinese() -> None:
    assert CJK.findall(bare('<p>{% say "甲" "A" %}乙</p>')) == ["乙"]
    assert CJK.findall(bare('{% say "甲" %}')) == ["甲"]
