"""Smoke tests: where they may go, and what an answer means."""

import pytest

from aks_flow.core.command import Result
from aks_flow.core.config.contract import Contract
from aks_flow.core.config.errors import ConfigError
from aks_flow.core.config.load import load
from aks_flow.core.config.sections import SmokeCheck
from aks_flow.rollout import smoke
from aks_flow.tools.kubectl import Kubectl, raw
from tests.unit.planned import Planned

NEW = 'I1125 12:00:00.1 9 round_trippers.go:632] "Response" verb="GET" url="https://c/x" status="{}" ms=5\n'
OLD = "I1125 12:00:00.1 9 round_trippers.go:553] GET https://c/api/v1/x {} in 2 milliseconds\n"
ASKED = "kubectl --namespace=shop get --raw=/api/v1/namespaces/shop/services/http:web:http/proxy{} --v=6"
OUTSIDE = [
    *(
        "http://elsewhere.example/",
        "https://front/readyz",
        "//elsewhere.example/",
        "readyz",
        "",
        "front:80/x",
    ),
    *("/../../../secrets", "/a/../../b", "/%2e%2e/%2e%2e/secrets", "/a%2f..%2f..%2f..", "/a/.."),
    *(
        "/x y",
        "/x\n",
        "/x%0a",
        "/x#y",
        "\\\\elsewhere",
        "/\\elsewhere",
        "/a%5c..%5cb",
        "/x//y",
        "/%2f%2felsewhere",
    ),
]


def answer(status: str, body: str = "", log: str = NEW) -> Result:
    return Result(0 if status.startswith("2") else 1, body.encode(), log.format(status).encode())


@pytest.mark.parametrize("path", OUTSIDE)
def test_a_path_that_leads_outside_the_service_is_refused_when_the_configuration_is_read(
    settings, tmp_path, path
):
    with pytest.raises(ConfigError, match=r"`smoke\[1\]\.path` must be a path within the Service"):
        load(settings | {"smoke": [{"path": "/fine"}, {"path": path}]}, tmp_path)


@pytest.mark.parametrize("path", ["/", "/readyz", "/a/b.c?next=https://x/..&y=1", "/a..b", "/%20"])
def test_a_path_of_the_service_is_accepted(settings, tmp_path, path):
    assert load(settings | {"smoke": [{"path": path}]}, tmp_path).smoke == (SmokeCheck(path),)


FAULTS = {
    "smoke[0].status": {"path": "/", "status": 99},
    "smoke[0].text": {"path": "/", "status": 404, "text": "lost"},
    "smoke[0].deadline": {"path": "/", "deadline": 0},
    "smoke[0].pth": {"pth": "/"},
}


@pytest.mark.parametrize(("where", "check"), FAULTS.items(), ids=FAULTS)
def test_a_check_that_cannot_be_is_named(settings, tmp_path, where, check):
    with pytest.raises(ConfigError) as error:
        load(settings | {"smoke": [check]}, tmp_path)
    assert where in str(error.value)


@pytest.mark.parametrize("log", [NEW, OLD], ids=["since v1.33", "before"])
@pytest.mark.parametrize(("status", "number"), [("200 OK", 200), ("404 Not Found", 404), ("503 Busy", 503)])
def test_the_status_is_what_kubectl_logs(log, status, number):
    assert raw.parse_status(answer(status, log=log)) == number


def test_of_several_responses_the_last_counts_and_without_one_there_is_no_status():
    output = NEW.format("302 Found") + NEW.format("200 OK")
    assert raw.parse_status(Result(0, b"", output.encode())) == 200
    assert raw.parse_status(Result(1, b"", b"The connection to the server was refused")) == 0


def test_what_is_wrong_is_said_in_words():
    assert smoke.wrong(SmokeCheck("/"), answer("200 OK")) == ""
    assert smoke.wrong(SmokeCheck("/"), answer("404 Not Found")) == "404 (wanted 200)"
    assert smoke.wrong(SmokeCheck("/"), Result(1, b"", b"refused")) == "no answer, refused (wanted 200)"
    assert smoke.wrong(SmokeCheck("/", 404), answer("404 Not Found")) == ""
    assert smoke.wrong(SmokeCheck("/", text="cats"), answer("200 OK", "cats or dogs")) == ""
    text = smoke.wrong(SmokeCheck("/", text="birds"), answer("200 OK", "cats\n  or dogs"))
    assert text == "'birds' is not in the answer, which begins 'cats or dogs'"


def test_every_check_that_fails_is_reported_after_its_own_deadline():
    run = Planned({ASKED.format("/a"): answer("200 OK"), ASKED.format("/b"): answer("500 Internal")})
    run.run = _tolerant(run)
    checks = (SmokeCheck("/a"), SmokeCheck("/b", deadline=1), SmokeCheck("/b", 500))
    failures = smoke.failures(run, Kubectl(namespace="shop"), Contract("web", "http"), checks)
    assert failures == ["GET /b through service/web port http: 500 (wanted 200), for 1 s"]
    assert not smoke.passes(run, Kubectl(namespace="shop"), Contract("web", "http"), checks)
    assert smoke.passes(run, Kubectl(namespace="shop"), Contract("web", "http"), checks[::2])


def _tolerant(run: Planned):
    """An exit code of a request is an answer, not a failure."""
    return lambda command: run.answers[str(command)]
