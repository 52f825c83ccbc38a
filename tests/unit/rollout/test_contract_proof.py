"""Of an app that does not answer as it should, and of one that could not be asked."""

import pytest

from aks_flow.core.command import Result
from aks_flow.core.config.contract import Contract
from aks_flow.core.config.sections import SmokeCheck
from aks_flow.rollout import contract_proof
from aks_flow.tools.kubectl import Kubectl
from tests.unit.planned import Planned
from tests.unit.rollout.test_smoke import ASKED, NEW, answer

USER = "0f3c5a1e-7f0e-4a55-9f0e-2b7f7a0c9a11"
MAY_NOT = (
    f'Error from server (Forbidden): services "http:web:http" is forbidden: User "{USER}" cannot get '
    f"resource "
    '"services/proxy" in API group "" in the namespace "shop"'
)
UNKNOWN = "error: You must be logged in to the server (Unauthorized)"
ITS_OWN = (
    "error: You must be logged in to the server (the server has asked for the client to provide credentials)"
)
TUNNEL = "Error from server (ServiceUnavailable): error trying to reach service: {}"
AWAY = "The connection to the server 10.0.0.1:6443 was refused - did you specify the right host or port?"
ANSWERS = {
    # what kubectl gives: the reason, and its words
    "who asks may not": (answer("403 Forbidden", log=NEW + MAY_NOT), "no-answer", "cannot get resource"),
    "who asks is not known": (
        answer("401 Unauthorized", log=NEW + UNKNOWN),
        "no-answer",
        "must be logged in",
    ),
    "nobody answers": (Result(1, b"", AWAY.encode()), "no-answer", "was refused"),
    "the app lets nobody in": (
        answer("401 Unauthorized", log=NEW + ITS_OWN),
        "smoke-failed",
        "401 (wanted 200)",
    ),
    "the app has no such page": (answer("404 Not Found"), "smoke-failed", "404 (wanted 200)"),
    **{
        f"the way to the pods: {words}": (
            answer("503 Service Unavailable", log=NEW + TUNNEL.format(words)),
            reason,
            f"503, error trying to reach service: {words}",
        )
        for words, reason in {
            "No agent available": "no-answer",
            "dial timeout, backstop": "no-answer",
            "dial tcp 10.1.2.3:8000: connect: connection refused": "smoke-failed",
            "dial tcp 10.1.2.3:8000: i/o timeout": "smoke-failed",
        }.items()
    },
    "no pod is there": (
        answer(
            "503 Service Unavailable",
            log=NEW + "Error from server (ServiceUnavailable): no endpoints available",
        ),
        "smoke-failed",
        "503, no endpoints available",
    ),
}


@pytest.mark.parametrize(("said", "reason", "words"), ANSWERS.values(), ids=ANSWERS)
def test_an_app_that_could_not_be_asked_is_neither_good_nor_bad(said, reason, words):
    contract, cluster = Contract("web", "http"), Kubectl(namespace="shop")
    checks = [SmokeCheck("/readyz", deadline=0)]
    [finding] = contract_proof.of_smoke(Planned({ASKED.format("/readyz"): said}), cluster, contract, checks)
    assert finding.reason == reason and words in finding.text
