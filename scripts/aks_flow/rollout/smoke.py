"""HTTP checks of what was delivered, through the API server's Service proxy: no route to it is needed."""

import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from aks_flow.core import wait
from aks_flow.core.command import Result
from aks_flow.core.config.sections import SmokeCheck
from aks_flow.core.runner import Runner
from aks_flow.tools.kubectl import Kubectl, raw

PORT = "http"  # the Service's port, by name


def passes(run: Runner, cluster: Kubectl, service: str, checks: Iterable[SmokeCheck]) -> bool:
    """Whether all checks hold now."""
    return not any(
        wrong(check, run.run(raw.service_get_with_status(cluster, service, PORT, check.path)))
        for check in checks
    )


def failures(run: Runner, cluster: Kubectl, service: str, checks: Iterable[SmokeCheck]) -> list[str]:
    """What is wrong, a sentence for each check that has not come true by its deadline."""
    with ThreadPoolExecutor() as pool:
        answers = pool.map(lambda check: _failure(run, cluster, service, check), checks)
        return [text for text in answers if text]


def _failure(run: Runner, cluster: Kubectl, service: str, check: SmokeCheck) -> str:
    last = ["nothing was answered"]

    def holds() -> bool:
        last[0] = wrong(check, run.run(raw.service_get_with_status(cluster, service, PORT, check.path)))
        return not last[0]

    if wait.within(holds, check.deadline):
        return ""
    return f"GET {check.path}: {last[0]}, for {check.deadline} s"


def wrong(check: SmokeCheck, answer: Result) -> str:
    """What differs between an answer and a check, "" if nothing."""
    status = raw.parse_status(answer)
    if status != check.status:
        return f"status {status or 'none'}, not {check.status}"
    if check.text and check.text not in answer.text:
        start = re.sub(r"\s+", " ", answer.text).strip()[:80]
        return f"{check.text!r} is not in the answer, which begins {start!r}"
    return ""
