"""What is wrong with the app's answers once its commit has arrived: its version, and the checks."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from aks_flow.core.config.contract import Contract
from aks_flow.core.config.sections import SmokeCheck
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import Runner
from aks_flow.rollout import app_version, contract_proof, same_image, smoke
from aks_flow.rollout.same_image import IsVersion
from aks_flow.rollout.watch.failure import RolloutFinding
from aks_flow.tools.kubectl import Kubectl


def findings(
    run: Runner,
    cluster: Kubectl,
    contract: Contract,
    checks: Iterable[SmokeCheck],
    image: ImageRef,
    is_version: IsVersion,
) -> tuple[RolloutFinding, ...]:
    """Of the version, or else of the checks; the app is asked. is_version: as of `same_image.behind`."""
    is_same = same_image.behind(run, cluster, contract.service, image, is_version)
    with ThreadPoolExecutor() as pool:  # mostly both hold by now: they are asked at once
        passed = pool.submit(smoke.passes, run, cluster, contract, checks)
        answer = app_version.wait_for(run, cluster, contract, image.tag, is_same)
        told = contract_proof.of_version(contract, answer)
    if told or passed.result():
        return told
    return contract_proof.of_smoke(run, cluster, contract, checks)
