"""What the load asks, and how its answers tell which version gave them."""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from aks_flow.core import wait
from aks_flow.core.config.contract import Contract, ToldVersion
from aks_flow.core.config.rehearsal import RehearsedChange
from aks_flow.rehearsal.scenarios.push_and_pull import load, load_generator
from aks_flow.rehearsal.scenarios.push_and_pull.entrance import Entrance
from aks_flow.rehearsal.scenarios.push_and_pull.load_generator import LoadRequest, Tally, drive
from aks_flow.rehearsal.show import recording

WAY = Entrance("http://way")
TEXT = "rehearsed at 12:00:00"
TOLD = Contract("web", "http", ToldVersion("/about", "build.version"))
BY_HEADER = Contract("web", "http", ToldVersion("/", header="X-Version"))
UNTOLD = Contract("web", "http")


def asked(config, contract: Contract, load_path: str = "", page: str = "", way: Entrance | None = WAY):
    change = RehearsedChange("a", "{}", page)
    rehearsal = replace(config.rehearsal, load=load_path, change=change)
    return load.request(replace(config, contract=contract, rehearsal=rehearsal), "dev", way, TEXT)


@pytest.mark.parametrize(
    ("contract", "load_path", "page", "expected"),
    [
        (TOLD, "", "/", ("/about", "build.version", "", "")),
        (BY_HEADER, "", "", ("/", "", "X-Version", "")),
        (UNTOLD, "", "/page", ("/page", "", "", TEXT)),
        (UNTOLD, "", "", ("/", "", "", "")),
        (TOLD, "/page", "/page", ("/page", "", "", TEXT)),
        (TOLD, "/other", "/page", ("/other", "", "", "")),
        (TOLD, "/about", "/page", ("/about", "build.version", "", "")),
    ],
)
def test_the_load_asks_what_tells_most(config, contract, load_path, page, expected):
    path, key, header, text = expected
    request = asked(config, contract, load_path, page)
    assert request == LoadRequest(f"http://way{path}", key, header, text)


def test_a_url_is_asked_as_it_is_for_each_environment(config):
    request = asked(config, TOLD, "http://{environment}.shop.example/x", way=None)
    assert request == LoadRequest("http://dev.shop.example/x", text=TEXT)


def test_nothing_is_asked_without_a_way(config):
    assert asked(config, Contract(), way=None) is None
    with load.load(config, None, "dev") as read_tally:
        pass
    assert read_tally() == {"sent": 0, "failed": 0, "slowest": 0, "versions": {}, "reasons": {}}


@pytest.mark.parametrize(
    ("request_", "headers", "body", "version"),
    [
        (LoadRequest("u", key="version"), {}, '{"version": "1.2"}', "1.2"),
        (LoadRequest("u", key="build.number"), {}, '{"build": {"number": 7}}', "7"),
        (LoadRequest("u", header="X-Version"), {"X-Version": "1.2"}, "", "1.2"),
        (LoadRequest("u", header="X-Version"), {}, "", ""),
        (LoadRequest("u", text=TEXT), {}, f"<p>{TEXT}</p>", TEXT),
        (LoadRequest("u", text=TEXT), {}, "<p>First edition</p>", ""),
        (LoadRequest("u"), {}, "anything", ""),
    ],
)
def test_an_answer_tells_its_version(request_, headers, body, version):
    assert request_.version_of(headers, body) == version


@pytest.mark.parametrize(
    ("versions", "since"),
    [
        ({"1": [1, 5], "2": [3, 9]}, 5),
        ({"1": [1, 2], "2": [3, 9]}, 3),
        ({"2": [3, 9]}, 3),
        ({"": [1, 9]}, None),
        ({}, None),
    ],
)
def test_a_version_serves_alone_since_the_last_other_answer(versions, since):
    assert load.serves_alone_since({"versions": versions}, "2") == since


class App(BaseHTTPRequestHandler):
    """Answers 1.2, under the status that the path asks for; ``behind``: seconds until it does."""

    behind = 0.0

    def do_GET(self):
        Event().wait(self.behind)
        status = int(self.path[1:] or 200)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps({"version": "1.2"}).encode())

    def log_message(self, *_):
        pass


@contextmanager
def app(behind: float = 0) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("LateApp", (App,), {"behind": behind}))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def driven(request: LoadRequest, until: int) -> Tally:
    """The tally of a load that is stopped after so many requests."""
    tally = Tally()

    async def run() -> None:
        stop = asyncio.Event()
        driving = asyncio.create_task(drive(request, 200, tally, stop))
        while tally.sent < until:
            await asyncio.sleep(0.005)
        stop.set()
        await driving

    asyncio.run(run())
    return tally


@pytest.mark.parametrize("status", [200, 203])
def test_an_answer_of_success_is_counted_with_its_version(status):
    with app() as url:
        tally = driven(LoadRequest(f"{url}/{status}", "version"), 5)
    assert (tally.failed, list(tally.versions)) == (0, ["1.2"])


@pytest.mark.parametrize(("status", "reason"), [(503, "status 503"), (404, "status 404")])
def test_any_other_answer_is_a_failed_request(status, reason):
    with app() as url:
        tally = driven(LoadRequest(f"{url}/{status}"), 5)
    assert tally.failed == tally.sent and list(tally.reasons) == [reason]


@pytest.mark.parametrize("behind", [0.3, 1.2])
def test_a_late_answer_is_no_failed_request_and_its_seconds_are_told(behind):
    with app(behind) as url:
        tally = driven(LoadRequest(f"{url}/200"), 3)
    assert tally.failed == 0 and behind <= tally.slowest < load_generator.ANSWERED_WITHIN


def test_what_is_not_answered_at_the_end_has_failed(monkeypatch):
    monkeypatch.setattr(load_generator, "_ENDS_WITHIN", 0.1)
    with app(behind=1) as url:
        tally = driven(LoadRequest(f"{url}/200"), 3)
    assert tally.failed == tally.sent and list(tally.reasons) == ["no answer at the end"]


def test_an_app_that_falls_behind_is_asked_as_fast_as_it_answers(monkeypatch):
    monkeypatch.setattr(load_generator, "MOST_OPEN", 4)
    with app(behind=0.1) as url:
        began = time.monotonic()
        tally = driven(LoadRequest(f"{url}/200"), 13)
    assert tally.failed == 0 and time.monotonic() - began >= 0.3  # in fours, of which three had to end


def test_a_load_that_waits_for_an_answer_can_be_stopped(monkeypatch):
    monkeypatch.setattr(load_generator, "MOST_OPEN", 2)
    monkeypatch.setattr(load_generator, "_ENDS_WITHIN", 0.1)
    with app(behind=5) as url:
        assert driven(LoadRequest(f"{url}/200"), 2).reasons == {"no answer at the end": 2}


def test_nobody_who_answers_is_a_failed_request():
    with app() as url:
        pass
    assert driven(LoadRequest(url), 3).failed >= 3


def told(url: str) -> LoadRequest:
    return LoadRequest(f"{url}/200", "version")


def test_a_load_that_is_shown_tells_each_second(config):
    recording.folder(config).mkdir(parents=True)
    recording.append(recording.file(config), "begin")
    with app() as url, load.load(config, told(url), "dev") as tally:
        wait.until(lambda: len(seconds(config)) >= 2, "two seconds", 20)
    answered = [event["versions"].get("1.2", 0) for event in seconds(config)]
    assert sum(answered) + tally()["failed"] <= tally()["sent"] and any(answered)
    assert {event["environment"] for event in seconds(config)} == {"dev"}


def seconds(config) -> list[dict]:
    lines = recording.file(config).read_text().splitlines()
    return [event for event in map(json.loads, lines) if event["kind"] == "load"]


def test_the_load_is_a_process_that_leaves_its_tally(config):
    config.state.mkdir()
    with app() as url, load.load(config, told(url), "dev") as tally:
        pass
    assert tally()["failed"] == 0 and set(tally()) == {"sent", "failed", "slowest", "versions", "reasons"}
