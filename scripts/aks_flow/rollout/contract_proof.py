"""What is found where a rollout's pods, or the app's answers, are not what was delivered."""

import re
from collections.abc import Iterable

from aks_flow.core.config.contract import Contract
from aks_flow.core.config.sections import SmokeCheck
from aks_flow.core.runner import Runner
from aks_flow.rollout import smoke
from aks_flow.rollout.app_version import AppAnswer
from aks_flow.rollout.verdict.digests import RunningImage
from aks_flow.rollout.verdict.reasons import NO_ANSWER, OVERWRITTEN, SMOKE_FAILED
from aks_flow.rollout.watch.failure import RolloutFinding
from aks_flow.tools.kubectl import Kubectl


def of_images(images: Iterable[RunningImage]) -> tuple[RolloutFinding, ...]:
    """Of the pods that run another build than the delivered one."""
    return tuple(
        RolloutFinding(OVERWRITTEN, image.workload, str(image), image.pod, image.container)
        for image in images
        if image.differs
    )


def of_version(contract: Contract, answer: AppAnswer) -> tuple[RolloutFinding, ...]:
    """Of an answer that is not as the contract says."""
    return _findings(contract, [answer.wrong] if answer.wrong else [])


def of_smoke(
    run: Runner, cluster: Kubectl, contract: Contract, checks: Iterable[SmokeCheck]
) -> tuple[RolloutFinding, ...]:
    """Of the checks that do not come true in time; the app is asked."""
    return _findings(contract, smoke.failures(run, cluster, contract, checks))


# The app was not asked: nobody answers, who asks may not or is not known, or Konnectivity has no way to it.
_NOT_ASKED = re.compile(
    r"[^:]*: (no answer|401, You must be logged in|403, .* cannot get|503, .*: (No agent|dial timeout))"
)


def _findings(contract: Contract, texts: Iterable[str]) -> tuple[RolloutFinding, ...]:
    reasons = {text: NO_ANSWER if _NOT_ASKED.match(text) else SMOKE_FAILED for text in texts}
    return tuple(RolloutFinding(why, f"service/{contract.service}", text) for text, why in reasons.items())
