"""The page: whatever others have written is text on it, and long texts stay readable."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from aks_flow.environments.figures import figures
from aks_flow.environments.view import PULL, EnvironmentView, RunningVersion, Waits
from aks_flow.report.environments_page import environments_page
from aks_flow.report.html import duration, element, link
from tests.unit.environments.records import NOW, past

HOSTILE = ["<script>alert(1)</script>", "]]><svg onload=alert(1)>", "\" onmouseover='alert(1)", "\u202etxt"]
LONG = "x" * 10_000


def view(text: str, deliveries: int = 1) -> EnvironmentView:
    """One with ``text`` in every field."""
    facts = dict.fromkeys(("version", "digest", "commit", "who", "run"), text)
    several = tuple(
        past(number * 60, path=PULL, verdict=text, **facts) if text else past(number)
        for number in range(deliveries)
    )
    return EnvironmentView(
        text,
        PULL,
        text,
        several[0] if several else None,
        (RunningVersion(text, text, 2, NOW),),
        text,
        text,
        text,
        text,
        Waits(text, text, (text, text)),
        several,
        figures(tuple(reversed(several)), NOW),
        (text,),
    )


class Elements(HTMLParser):
    """Names of elements, and of attributes."""

    def __init__(self, page: str):
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in ("meta", "link", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_from_outside_is_neither_an_element_nor_an_attribute(text):
    page = environments_page([view(text)], text, NOW)
    seen, plain = Elements(page), Elements(environments_page([view("dev")], "vote", NOW))
    assert (seen.names, seen.attributes, seen.open) == (plain.names, plain.attributes, [])
    assert "\u202e" not in page


def test_long_texts_are_shortened():
    assert len(environments_page([view(LONG)], LONG, NOW)) < 60_000


def test_nothing_delivered_yet_is_a_page_too():
    empty = replace(view("dev", 0), path="", running=(), waits=None, intended=None, unread=())
    assert "nothing runs" in environments_page([empty], "vote", NOW)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "", " https://x"])
def test_only_the_webs_addresses_are_links(address):
    assert link(address, "run") == "run"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, ""),
        (0, "0 s"),
        (4.26, "4.2 s"),
        (99.4, "99 s"),
        (100, "1.7 min"),
        (7200, "2.0 h"),
        (9e6, "104.2 d"),
    ],
)
def test_durations(seconds, text):
    assert duration(seconds) == text


def test_an_element_without_an_attribute_leaves_it_out():
    assert element("p", "a < b", None, class_=None, data_x="1") == '<p data-x="1">a &lt; b</p>'
