"""The page's server: who may see it, what who comes late gets, and what is left of a run that was killed."""

import http.client
import json
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from aks_flow.core import wait
from aks_flow.rehearsal.show import live, recording, server
from tests.package import ENVIRONMENT
from tests.unit.rehearsal.show.played import events

WITHIN = 60  # seconds


@dataclass
class Shown:
    """folder: of the events; beside it the report. run: the process that is shown. url: the page's."""

    folder: Path
    run: subprocess.Popen
    server: subprocess.Popen
    url: str = ""

    @property
    def port(self) -> int:
        return urllib.parse.urlsplit(self.url).port

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WITHIN)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode() if "html" in answer.headers["Content-Type"] else ""

    def follow(self, last: str = "") -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WITHIN)
        path = urllib.parse.urlsplit(self.url).path
        connection.request("GET", f"{path}events", headers={"Last-Event-ID": last} if last else {})
        return connection.getresponse()

    def write(self, several: list[dict]) -> None:
        with (self.folder / recording.EVENTS).open("a") as file:
            file.writelines(f"{json.dumps(event)}\n" for event in several)

    @property
    def report(self) -> dict:
        file = self.folder.parent / server.JSON
        wait.until(file.is_file, "the report", WITHIN)
        return json.loads(file.read_text())


@contextmanager
def served(folder: Path) -> Iterator[Shown]:
    """A run that does nothing by itself, shown."""
    folder.mkdir()
    (folder / recording.EVENTS).touch()
    run = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    words = ("-m", "aks_flow.rehearsal.show.server", folder, str(run.pid))
    shown = Shown(folder, run, subprocess.Popen([sys.executable, *words], env=ENVIRONMENT))
    try:
        wait.until((folder / server.ADDRESS).is_file, "the page", WITHIN)
        shown.url = (folder / server.ADDRESS).read_text()
        yield shown
    finally:
        run.kill()
        run.wait()
        shown.server.wait(WITHIN)


@pytest.fixture(scope="module")
def shown(tmp_path_factory) -> Iterator[Shown]:
    with served(tmp_path_factory.mktemp("state") / "show") as made:
        made.write(events()[:-1])
        yield made


def test_the_page_is_this_machines_and_its_address_this_users_alone(shown):
    assert shown.url.startswith("http://127.0.0.1:") and len(urllib.parse.urlsplit(shown.url).path) > 30
    assert (shown.folder / server.ADDRESS).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("path", ["/", "/x/", "/x/events", "/../", "/%2e%2e/", "/%C3%A9/"])
def test_without_the_token_there_is_nothing(shown, path):
    assert shown.get(path)[0] == 404


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1:1", ""])
def test_a_foreign_host_is_refused(shown, host):
    path = urllib.parse.urlsplit(shown.url).path
    assert shown.get(path, Host=host)[0] in (400, 421)
    assert shown.get(path, Host=f"localhost:{shown.port}")[0] == 200


def test_no_page_of_another_site_can_use_it(shown):
    connection = http.client.HTTPConnection("127.0.0.1", shown.port, timeout=WITHIN)
    connection.request("GET", urllib.parse.urlsplit(shown.url).path)
    headers = connection.getresponse().headers
    assert headers["X-Frame-Options"] == "DENY" and headers["Referrer-Policy"] == "no-referrer"
    assert "Access-Control-Allow-Origin" not in headers


def lines(answer: http.client.HTTPResponse, count: int) -> list[tuple[int, dict]]:
    """The next events: number and content."""
    heard = []
    for _ in range(count):
        number, content, _ = (answer.readline().decode() for _ in range(3))
        heard.append((int(number.removeprefix("id: ")), json.loads(content.removeprefix("data: "))))
    return heard


def test_who_comes_late_gets_all_and_who_comes_back_the_rest(shown):
    every = events()[:-1]
    assert [event for _, event in lines(shown.follow(), len(every))] == every
    assert lines(shown.follow(last="4"), 1) == [(5, every[5])]
    assert lines(shown.follow(last="<script>"), 1) == [(0, every[0])]


def test_a_run_that_was_killed_leaves_a_report_of_what_was(tmp_path):
    with served(tmp_path / "show") as killed:
        killed.write(events()[:20])
        listener = killed.follow()
        killed.run.kill()
        killed.run.wait()
        assert (killed.report["outcome"], len(killed.report["steps"]) > 3) == ("killed", True)
        assert lines(listener, 21)[-1][1]["outcome"] == "killed"
        assert (tmp_path / server.HTML).read_text().startswith("<!doctype html>")


def test_a_run_that_is_shown_ends_with_its_report(config):
    told = []
    with pytest.raises(ValueError, match="it broke"), live.shown(config, "a test", told.append) as recorder:
        recorder.part("Push: a change")
        raise ValueError("it broke")
    document = json.loads((config.state / server.JSON).read_text())
    assert (document["outcome"], document["text"], document["scenario"]) == ("failed", "it broke", "a test")
    assert told[0].startswith("the page: http://127.0.0.1:") and str(config.state) in told[1]
    assert not recording.file(config).exists()
