"""What is found where a rollout's pods, or the app's answers, are not what was delivered."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from aks_flow.core.config.contract import Contract
from aks_flow.core.config.sections import SmokeCheck
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import Runner
from aks_flow.rollout import app_version, same_image, smoke
from aks_flow.rollout.app_version import AppAnswer
from aks_flow.rollout.same_image import DigestOf
from aks_flow.rollout.verdict.digests import RunningImage
from aks_flow.rollout.verdict.reasons import OVERWRITTEN, SMOKE_FAILED
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


def of_answers(
    run: Runner,
    cluster: Kubectl,
    contract: Contract,
    checks: Iterable[SmokeCheck],
    image: ImageRef,
    digest_of: DigestOf,
) -> tuple[RolloutFinding, ...]:
    """Of the version, or else of the checks; the app is asked. digest_of: as of `same_image.behind`."""
    is_same = same_image.behind(run, cluster, contract.service, image, digest_of)
    with ThreadPoolExecutor() as pool:  # mostly both hold by now: they are asked at once
        passed = pool.submit(smoke.passes, run, cluster, contract, checks)
        told = of_version(contract, app_version.wait_for(run, cluster, contract, image.tag, is_same))
    if told or passed.result():
        return told
    return of_smoke(run, cluster, contract, checks)


def _findings(contract: Contract, texts: Iterable[str]) -> tuple[RolloutFinding, ...]:
    return tuple(RolloutFinding(SMOKE_FAILED, f"service/{contract.service}", text) for text in texts)
