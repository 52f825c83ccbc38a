"""What the app tells of its version, as its contract says: the right one, or a sentence on what is wrong."""

from dataclasses import replace

import pytest

from aks_flow.core.command import Result
from aks_flow.core.config.contract import Contract, ToldVersion
from aks_flow.rollout import app_version
from aks_flow.rollout.app_version import AppAnswer
from aks_flow.tools.kubectl import Kubectl, raw
from tests.unit.planned import Planned

CLUSTER = Kubectl(namespace="shop")
BY_KEY = Contract("api", "http", ToldVersion("/version", key="version"))
NESTED = Contract("api", "9000", ToldVersion("/actuator/info", key="build.version"))
BY_HEADER = Contract("api", "", ToldVersion("/", header="X-Version"))
LOG = 'I1 9 round_trippers.go:632] "Response" verb="GET" url="https://c/x" status="{}" milliseconds=5\n'
NOT_STATUS = '      "reason": "UnexpectedServerResponse",\n'
REFUSED = "Error from server (NotFound): {}\n"
HEADERS = (
    'I1 9 round_trippers.go:632] "Response" status="200 OK" headers=<\n'
    "\tDate: Sun, 29 Nov 2026 05:34:31 GMT\n\tX-Version: {}\n > milliseconds=1\n"
)
OLD_HEADERS = (
    "I1 9 round_trippers.go:553] GET https://c/api/v1/x 200 OK in 2 milliseconds\n"
    "I1 9 round_trippers.go:577] Response Headers:\n"
    "I1 9 round_trippers.go:580]     X-Version: {}\n"
)


def said(body: str, log: str = LOG.format("200 OK")) -> Result:
    return Result(0 if "200" in log else 1, body.encode(), log.encode())


WRONG = {
    "another version": (BY_KEY, said('{"version": "1.4.0"}'), "version 1.4.0 (wanted 1.5.0)"),
    "no such path": (
        BY_KEY,
        said("", LOG.format("404 Not Found") + NOT_STATUS + REFUSED.format("the server could not find it")),
        '404 (wanted 200 and JSON with "version")',
    ),
    "no such Service": (
        BY_KEY,
        said("", LOG.format("404 Not Found") + REFUSED.format('services "api" not found')),
        '404, services "api" not found (wanted 200 and JSON with "version")',
    ),
    "no server": (
        BY_KEY,
        said("", "The connection to the server c was refused\n"),
        'no answer, The connection to the server c was refused (wanted 200 and JSON with "version")',
    ),
    "a page": (
        BY_KEY,
        said("<h1>\n Shop</h1>"),
        "200 and no JSON, but '<h1> Shop</h1>' (wanted 200 and JSON with \"version\")",
    ),
    "nothing": (BY_KEY, said(""), "200 and no JSON, but 'nothing' (wanted 200 and JSON with \"version\")"),
    "another key": (
        BY_KEY,
        said('{"v": "1.5.0"}'),
        '200 and JSON without "version" (wanted 200 and JSON with "version")',
    ),
    "a list": (BY_KEY, said("[1]"), '200 and JSON without "version" (wanted 200 and JSON with "version")'),
    "a key that is not nested": (
        NESTED,
        said('{"build": "1.5.0"}'),
        '200 and JSON without "build.version" (wanted 200 and JSON with "build.version")',
    ),
    "an empty one": (
        BY_KEY,
        said('{"version": ""}'),
        '200 and JSON without "version" (wanted 200 and JSON with "version")',
    ),
    "no header": (
        BY_HEADER,
        said("", LOG.format("200 OK")),
        "200 without the header X-Version (wanted 200 and the header X-Version)",
    ),
    "another header": (BY_HEADER, said("", HEADERS.format("1.4.0")), "version 1.4.0 (wanted 1.5.0)"),
}
RIGHT = {
    "a key": (BY_KEY, said('{"version": "1.5.0", "pod": "api-1"}')),
    "a nested key": (NESTED, said('{"build": {"version": "1.5.0"}}')),
    "a header": (BY_HEADER, said("any", HEADERS.format("1.5.0"))),
    "a header, in the log of kubectl before v1.33": (BY_HEADER, said("", OLD_HEADERS.format("1.5.0"))),
    "a header in lower case": (BY_HEADER, said("", HEADERS.lower().format("1.5.0").replace("ok", "OK"))),
}


def command_of(contract: Contract) -> str:
    port, verbosity = contract.port, 8 if contract.version.header else 6
    url = f"/api/v1/namespaces/shop/services/http:api:{port}/proxy{contract.version.path}"
    return f"kubectl --namespace=shop get --raw={url} --v={verbosity}"


def ask(contract: Contract, answer: Result) -> AppAnswer:
    run = Planned({command_of(contract): answer})
    return app_version.now(run, CLUSTER, contract, "1.5.0")


@pytest.mark.parametrize(("contract", "answer", "wrong"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_one_sentence(contract, answer, wrong):
    port = f" port {contract.port}" if contract.port else ""
    where = f"GET {contract.version.path} through service/api{port}: "
    assert ask(contract, answer).wrong == where + wrong


@pytest.mark.parametrize(("contract", "answer"), RIGHT.values(), ids=RIGHT)
def test_the_version_is_read_where_the_contract_says(contract, answer):
    assert ask(contract, answer) == AppAnswer("1.5.0")


def test_an_app_that_tells_no_version_is_not_asked():
    assert app_version.now(Planned({}), CLUSTER, Contract("api"), "1.5.0") == AppAnswer()
    assert app_version.wait_for(Planned({}), CLUSTER, Contract(), "1.5.0") == AppAnswer()
    assert app_version.url(Planned({}), CLUSTER, "") == ""


def test_what_takes_a_while_to_become_right_is_asked_again():
    answers = [said("", LOG.format("503 Service Unavailable")), said('{"version": "1.5.0"}')]
    run = Planned({})
    run.run = lambda command: answers.pop(0)
    assert app_version.wait_for(run, CLUSTER, BY_KEY, "1.5.0") == AppAnswer("1.5.0")


def test_what_does_not_become_right_is_the_last_answer(monkeypatch):
    monkeypatch.setattr(app_version, "WITHIN", 0.1)
    run = Planned({command_of(BY_KEY): said('{"version": "1.4.0"}')})
    assert app_version.wait_for(run, CLUSTER, BY_KEY, "1.5.0").wrong.endswith("(wanted 1.5.0)")


def test_the_last_of_several_responses_has_the_header():
    log = HEADERS.format("1.4.0") + HEADERS.format("1.5.0")
    assert raw.parse_header(said("", log), "X-Version") == "1.5.0"
    assert ask(replace(BY_HEADER, version=ToldVersion("/", header="Date")), said("", log)).version.endswith(
        "GMT"
    )
