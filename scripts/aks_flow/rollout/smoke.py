"""HTTP checks of what was delivered, through its contract's Service."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from aks_flow.core import wait
from aks_flow.core.command import Result
from aks_flow.core.config.contract import Contract
from aks_flow.core.config.sections import SmokeCheck
from aks_flow.core.runner import Runner
from aks_flow.rollout import service_request
from aks_flow.tools.kubectl import Kubectl, raw


def passes(run: Runner, cluster: Kubectl, contract: Contract, checks: Iterable[SmokeCheck]) -> bool:
    """Whether all checks hold now."""
    return not any(wrong(check, service_request.get(run, cluster, contract, check.path)) for check in checks)


def failures(run: Runner, cluster: Kubectl, contract: Contract, checks: Iterable[SmokeCheck]) -> list[str]:
    """What is wrong, a sentence for each check that has not come true by its deadline."""
    with ThreadPoolExecutor() as pool:
        answers = pool.map(lambda check: _failure(run, cluster, contract, check), checks)
        return [text for text in answers if text]


def _failure(run: Runner, cluster: Kubectl, contract: Contract, check: SmokeCheck) -> str:
    last = ["nothing was answered"]

    def holds() -> bool:
        last[0] = wrong(check, service_request.get(run, cluster, contract, check.path))
        return not last[0]

    if wait.within(holds, check.deadline):
        return ""
    return f"{service_request.described(contract, check.path)}: {last[0]}, for {check.deadline} s"


def wrong(check: SmokeCheck, answer: Result) -> str:
    """What differs between an answer and a check, "" if nothing."""
    if raw.parse_status(answer) != check.status:
        return f"{service_request.status_of(answer)} (wanted {check.status})"
    if check.text and check.text not in answer.text:
        start = service_request.shortened(answer.text)[:80]
        return f"{check.text!r} is not in the answer, which begins {start!r}"
    return ""
