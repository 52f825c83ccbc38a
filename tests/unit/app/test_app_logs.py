"""JSON logs and request ids."""

import json
import logging

import pytest
from vote.logs import JsonFormatter

from tests.unit.app.ballots import press


class _Lines(logging.Handler):
    def __init__(self):
        super().__init__(logging.DEBUG)
        self.setFormatter(JsonFormatter())
        self.lines = []

    def emit(self, record):
        self.lines.append(json.loads(self.format(record)))


@pytest.fixture
def lines():
    handler, root = _Lines(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield handler.lines
    root.removeHandler(handler)
    root.setLevel(level)


def test_a_request_is_one_line_of_json(browser, lines):
    answer = browser.get("/version")
    (line,) = lines
    assert line["logger"] == "vote.request"
    assert (line["method"], line["path"], line["status"]) == ("GET", "/version", 200)
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert line["duration_ms"] >= 0
    assert line["time"].endswith("+00:00")


def test_every_line_of_a_request_carries_its_id(browser, lines):
    press(browser, "Tea")
    counted, posted = lines[-2:]
    assert counted["option"] == "Tea"
    assert counted["request_id"] == posted["request_id"] != lines[0]["request_id"]


def test_probes_are_logged_only_when_they_fail(browser, lines, redis_server):
    browser.get("/healthz")
    browser.get("/readyz")
    assert lines == []
    redis_server.connected = False
    browser.get("/readyz")
    assert [line["level"] for line in lines] == ["warning", "info"]


def test_a_callers_request_id_is_kept(browser):
    answer = browser.get("/version", headers={"X-Request-Id": "trace.1_A-b"})
    assert answer.headers["X-Request-Id"] == "trace.1_A-b"


@pytest.mark.parametrize("sent", ["", "two words", 'a"b', "x" * 129, "{}"])
def test_a_request_id_that_is_none_is_replaced(browser, sent):
    given = browser.get("/version", headers={"X-Request-Id": sent}).headers["X-Request-Id"]
    assert given != sent
    assert len(given) == 32


def test_an_exception_stays_on_its_line(app, lines, monkeypatch):
    monkeypatch.setattr("vote.pages.rows", lambda counts: 1 / 0)
    app.test_client().get("/")
    assert "ZeroDivisionError" in lines[0]["exception"]
