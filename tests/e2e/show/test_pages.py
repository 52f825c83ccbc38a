"""The pages in a real browser: no complaint, no other host, nothing that keeps people out, on every screen.

With AKSFLOW_PICTURES set, docs/ gets its pictures:
`AKSFLOW_PICTURES=1 ./inv test --only e2e --args tests/e2e/show`.
"""

import asyncio
import json
import os
import urllib.parse
from pathlib import Path

import pytest

from aks_flow.environments.figures import figures
from aks_flow.environments.view import EnvironmentView, PastDelivery, RunningVersion, Waits
from aks_flow.rehearsal.show import summary
from aks_flow.report.environments_page import environments_page
from tests.e2e.show.chromium import Tab, browser
from tests.unit.environments.records import DAY, NOW, past
from tests.unit.environments.test_page import view
from tests.unit.rehearsal.show.played import NEW, events
from tests.unit.rehearsal.show.test_server import served

DOCS = Path(__file__).parents[3] / "docs"
RECORDED = [json.loads(line) for line in (Path(__file__).parent / "recorded.jsonl").read_text().splitlines()]
NARROW, WIDE = (360, 740), (1240, 900)
PICTURES = {(WIDE, False): "show.png", (WIDE, True): "show-dark.png", (NARROW, False): "show-phone.png"}
DARK = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
SCREEN = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["phone", "projector"])
OVERFLOWS = "document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth"


async def picture(tab: Tab, name: str | None) -> None:
    if name and os.environ.get("AKSFLOW_PICTURES"):
        await tab.picture(DOCS / name)


async def check(tab: Tab, axe: str) -> None:
    """Nothing is complained of, nobody else is asked, nothing keeps people out, nothing is cut off."""
    assert (tab.problems, await tab.violations(axe), await tab.value(OVERFLOWS)) == ([], [], False)


def written(tmp_path: Path, text: str) -> str:
    """The address of a file with a page."""
    file = tmp_path / "page.html"
    file.write_text(text)
    return file.as_uri()


def run(tmp_path: Path, visit) -> None:
    async def go() -> None:
        async with browser(tmp_path / "profile") as tab:
            await visit(tab)

    asyncio.run(go())


STORIES = {"a real run": RECORDED, "a failed delivery": events(failed=True)}


@pytest.mark.parametrize("story", STORIES)
@SCREEN
@DARK
def test_the_report_is_one_file_that_everybody_can_use(tmp_path, axe, story, size, dark):
    url = written(tmp_path, summary.as_page(STORIES[story]))

    async def visit(tab: Tab) -> None:
        await tab.look(*size, dark=dark, still=True)
        await tab.open(url)
        await tab.until("document.querySelectorAll('#pods rect').length > 3")
        await check(tab, axe)
        assert tab.asked == [url]
        if story == "a real run":
            await picture(tab, PICTURES.get((size, dark)))

    run(tmp_path, visit)


def test_the_page_follows_a_run_and_who_comes_late_or_comes_back_sees_all(tmp_path, axe):
    every = events()

    async def visit(tab: Tab, shown) -> None:
        await tab.look(*WIDE)
        shown.write(every[:14])
        await tab.open(shown.url)
        await tab.until("document.querySelector('#way-push .running')")
        await check(tab, axe)
        await tab.open("about:blank")
        shown.write(every[14:-1])
        await tab.open(shown.url)
        await tab.until("document.querySelectorAll('#way-pull .done').length > 5")
        shown.write(every[-1:])
        await tab.until("document.getElementById('outcome').textContent === 'done'")
        assert await tab.value("document.querySelectorAll('#steps tr').length") == len(summary.steps(every))
        assert NEW in await tab.value("document.getElementById('legend').textContent")
        hosts = {urllib.parse.urlsplit(address).netloc for address in tab.asked if address != "about:blank"}
        assert hosts == {urllib.parse.urlsplit(shown.url).netloc}
        assert (tab.problems, await tab.value(OVERFLOWS)) == ([], False)

    with served(tmp_path / "show") as shown:
        run(tmp_path, lambda tab: visit(tab, shown))


HOSTILE = [
    "<script>document.title='bad'</script>",
    "]]><img src=x onerror=\"document.title='bad'\">",
    "x" * 10_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=["an element", "an end", "10 kB"])
def test_a_text_from_outside_does_nothing_and_breaks_nothing(tmp_path, axe, text):
    pages = [summary.as_page(events(text)), environments_page([view(text)], text, NOW)]

    async def visit(tab: Tab) -> None:
        await tab.look(*NARROW)
        for page in pages:
            await tab.open(written(tmp_path, page))
            await tab.until("document.querySelector('main')")
            await check(tab, axe)
            assert await tab.value("document.title") != "bad"

    run(tmp_path, visit)


def test_motion_is_left_out_for_who_wants_none(tmp_path, axe):
    url = written(tmp_path, summary.as_page(events()[:12]))

    async def visit(tab: Tab) -> None:
        moves = "getComputedStyle(document.querySelector('#way-push .running .mark')).animationName"
        for still in (False, True):
            await tab.look(*WIDE, still=still)
            await tab.open(url)
            assert (await tab.value(moves) == "none") == still

    run(tmp_path, visit)


COMMITS = ("4f2a91c Count votes by hour", "81be0d2 Show the last hour")
DIGEST = "sha256:1d8bbab492296fbc"


def delivered(days: float, version: str, path: str = "pull", **more) -> PastDelivery:
    run_url = "https://github.com/contoso/vote/actions/runs/12"
    return past(days * DAY, path=path, version=version, digest=DIGEST, run=run_url, **more)


def environments() -> list[EnvironmentView]:
    """Three, as they may be."""
    ages = range(9, -1, -1)
    dev = [delivered(2 * ago + 0.1, f"1.5.0-alpha.{20 - ago}", "push", took=38 + ago) for ago in ages]
    staging = [
        delivered(9, "1.4.0-rc.1", took=41),
        delivered(2, "1.5.0-rc.1", verdict="degraded"),
        delivered(1.99, "1.4.0-rc.1", took=35, back=True),
        delivered(1, "1.5.0-rc.2", took=44),
    ]
    production = [delivered(30, "1.3.0", took=52), delivered(8, "1.4.0", took=49)]
    waiting = (Waits("dev", "1.5.0-alpha.20", COMMITS), Waits("staging", "1.5.0-rc.2", COMMITS))
    return [
        seen("dev", dev),
        seen("staging", staging, waits=waiting[0]),
        seen("production", production, waits=waiting[1], hold="an outage of the payment service"),
    ]


def seen(name: str, several: list[PastDelivery], waits=None, hold: str = "") -> EnvironmentView:
    last = several[-1]
    running = (RunningVersion(last.version, DIGEST, 2, last.ended),)
    state = {"health": "Healthy", "drift": "", "hold": hold, "lock": "", "waits": waits}
    shown = {"deliveries": tuple(reversed(several)), "figures": figures(several, NOW)}
    return EnvironmentView(name, last.path, last.version, last, running, **state, **shown)


@SCREEN
@DARK
def test_the_environments_are_one_file_that_everybody_can_use(tmp_path, axe, size, dark):
    url = written(tmp_path, environments_page(environments(), "vote", NOW))

    async def visit(tab: Tab) -> None:
        await tab.look(*size, dark=dark)
        await tab.open(url)
        await check(tab, axe)
        assert tab.asked == [url]
        if size == WIDE and not dark:
            await picture(tab, "environments.png")

    run(tmp_path, visit)


def test_a_thousand_deliveries_are_a_page(tmp_path, axe):
    url = written(tmp_path, environments_page([view("1.5.0", deliveries=1000)], "vote", NOW))

    async def visit(tab: Tab) -> None:
        await tab.look(*WIDE)
        await tab.open(url)
        assert await tab.value("document.querySelectorAll('tbody tr').length") == 1000
        assert tab.problems == []

    run(tmp_path, visit)
