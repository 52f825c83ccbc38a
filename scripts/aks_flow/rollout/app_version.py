"""The version that the app itself tells, where its contract says so."""

import json
from dataclasses import dataclass

from aks_flow.core import wait
from aks_flow.core.command import Result
from aks_flow.core.config.contract import Contract, ToldVersion
from aks_flow.core.runner import Runner
from aks_flow.rollout import service_request
from aks_flow.rollout.same_image import IsSame, never
from aks_flow.tools.kubectl import Kubectl, get, output, raw, resources

WITHIN = 15  # seconds from the end of the rollout to the app's own word


@dataclass(frozen=True)
class AppAnswer:
    """What the app says. version: "" if it tells none. wrong: what is not as the contract says."""

    version: str = ""
    wrong: str = ""


def wait_for(
    run: Runner, cluster: Kubectl, contract: Contract, version: str, is_same: IsSame = never
) -> AppAnswer:
    """The app's answer, once it is this version; the last one if it does not become so in time.

    is_same: tells of another version whether it is the same image.
    """
    last = AppAnswer()

    def is_right() -> bool:
        nonlocal last
        last = now(run, cluster, contract, version, is_same)
        return not last.wrong

    wait.within(is_right, WITHIN)
    return last


def now(
    run: Runner, cluster: Kubectl, contract: Contract, version: str, is_same: IsSame = never
) -> AppAnswer:
    """The app's answer; one without a version if the contract asks for none. is_same: as of `wait_for`."""
    asked = contract.version
    if not asked.path:
        return AppAnswer()
    answer = service_request.get(run, cluster, contract, asked.path, with_headers=bool(asked.header))
    told, said = _read(asked, answer)
    if told == version or (told and is_same(told)):
        return AppAnswer(told)
    wanted = version if told else _shape(asked)
    return AppAnswer(told, f"{service_request.described(contract, asked.path)}: {said} (wanted {wanted})")


def url(run: Runner, cluster: Kubectl, service: str) -> str:
    """Where a Service answers from outside, "" if nowhere. service: "" for none."""
    if not service:
        return ""
    answer = run.run(get.find(cluster, "service", service))
    return resources.service_url(output.only(answer.text)) if answer.text.strip() else ""


def _shape(asked: ToldVersion) -> str:
    return f"200 and the header {asked.header}" if asked.header else f'200 and JSON with "{asked.key}"'


def _read(asked: ToldVersion, answer: Result) -> tuple[str, str]:
    """(the version, what was said), the version "" if the answer is not as it should be."""
    status = service_request.status_of(answer)
    if raw.parse_status(answer) != 200:
        return "", status
    if asked.header:
        told = raw.parse_header(answer, asked.header)
        return (told, f"version {told}") if told else ("", f"200 without the header {asked.header}")
    return _in_body(asked.key, answer)


def _in_body(key: str, answer: Result) -> tuple[str, str]:
    try:
        value = json.loads(answer.stdout)
    except (ValueError, RecursionError):
        start = service_request.shortened(answer.text) or "nothing"
        return "", f"200 and no JSON, but {start[:80]!r}"
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if isinstance(value, str | int | float) and not isinstance(value, bool) and value != "":
        return str(value), f"version {service_request.shortened(str(value))}"
    return "", f'200 and JSON without "{key}"'
