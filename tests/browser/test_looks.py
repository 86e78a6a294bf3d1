"""Looking at a page in parts, as :mod:`tests.browser.axe` does, finds what axe finds in the whole of it; a press is followed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.axe import Looked
from tests.browser.settled import follow, settled

BAD = """<!doctype html><html lang="en"><title>t</title>
<style>
  @media (orientation: landscape) { footer { transform: rotate(90deg); } }
  .small { width: 18px; height: 18px; padding: 0; margin: 0; font-size: 8px; }
  .alone { margin: 60px; } .faint { color: #bbb; } .under { width: 60px; height: 30px; }
  .over { position: absolute; width: 50px; height: 26px; margin-left: -55px; }
  @media (max-width: 400px) { .wide { display: none; } }
</style>
<main><h1>Words</h1><p class="faint">A faint line with a <a href="#a" style="text-decoration: none; color: #aab">link</a>.</p>
<p><button class="small" id="a">a</button><button class="small" id="b">b</button></p>
<p><button class="small alone" id="c">c</button></p>
<p><button class="under" id="d">d</button><button class="over" id="e">e</button></p>
<p class="wide"><button class="small" id="f"></button><button class="small" id="g">g</button></p>
<input id="h"><div role="region" aria-label="r" tabindex="0"><a href="#i">i</a></div></main><main>twice</main><footer>foot</footer>"""
GOOD = "<!doctype html><html lang='en'><title>t</title><main><h1>Words</h1><p><a href='#x'>A link</a></p></main>"


@pytest.mark.parametrize("width", [1440, 390])
def test_what_is_left_out_would_have_passed(browser: Any, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    looked = Looked()
    page.set_content(GOOD)
    assert looked.faults(page) == []
    page.set_content(BAD)
    found = looked.faults(page)
    assert sorted(found) == sorted(Looked(every=True).faults(page))
    rules = {each.partition(":")[0] for each in found}
    assert {"target-size", "color-contrast", "link-in-text-block", "label", "landmark-no-duplicate-main"} <= rules
    assert [name for name in "abcdefg" if any("target-size" in each and f'id="{name}"' in each for each in found)] == list(
        "abdfg" if width > 400 else "abd"
    )
    page.close()


NARROW = """<!doctype html><html lang="en"><title>t</title><style>
  #a { display: none; } @media (max-width: 400px) { #a { display: block; } }
</style><main><h1>Words</h1><input id="a"><details><summary>More</summary><input id="c"></details></main>"""


def test_a_window_of_another_size_shows_its_own_faults(browser: Any) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    looked = Looked()
    page.set_content(NARROW)
    assert looked.faults(page) == []
    page.set_viewport_size({"width": 390, "height": 900})
    assert 'label: <input id="a">' in looked.faults(page)
    page.evaluate("document.querySelector('#a').remove()")
    assert looked.faults(page) == []
    page.evaluate("document.querySelector('details').open = true")
    assert 'label: <input id="c">' in looked.faults(page)
    page.close()


def test_a_press_is_followed_to_a_slow_page(browser: Any) -> None:
    page = browser.new_page()
    page.route("**/*", lambda route: route.fulfill(body=GOOD.replace("#x", "/next"), content_type="text/html"))
    page.goto("https://yiwang.test/")
    for _ in range(5):
        assert follow(page, "main a").url == "https://yiwang.test/next" and settled(page).title() == "t"
    page.close()
