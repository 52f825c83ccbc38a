"""One look of an ApplicationSet at GitHub, and the Applications made as it wants them."""

import asyncio
import base64
import logging

from aks_flow.rehearsal.standins.argocd.api import ApiError
from aks_flow.rehearsal.standins.argocd.application_sets import generating, unoffered_fields
from aks_flow.rehearsal.standins.argocd.application_sets.generating import TemplateError
from aks_flow.rehearsal.standins.argocd.application_sets.pull_requests import GitHubError
from aks_flow.rehearsal.standins.argocd.application_sets.set_status import Reason, SetError
from aks_flow.rehearsal.standins.argocd.application_status import changes
from aks_flow.rehearsal.standins.argocd.context import ControllerContext

log = logging.getLogger(__name__)


async def reconcile(context: ControllerContext, item: dict) -> None:
    """SetError for what cannot be done; what can be done is done all the same."""
    if refused := unoffered_fields.faults(item, context.github.host):
        raise SetError(Reason.GENERATION, "; ".join(refused))
    requests = await _requests(context, item)
    try:
        wanted = generating.wanted(item, requests)
    except TemplateError as error:
        raise SetError(Reason.RENDERING, str(error)) from error
    faults = _faults(context, item, wanted)
    for application in wanted:
        if application["metadata"]["name"] not in faults:
            await _bring(context, item, application)
    await _remove(context, item, {application["metadata"]["name"] for application in wanted})
    if faults:
        raise SetError(Reason.VALIDATION, "; ".join(faults.values()))


def own(context: ControllerContext, application_set: dict) -> list[dict]:
    """The Applications that there are of an ApplicationSet."""
    uid = application_set["metadata"]["uid"]
    return [item for item in context.applications if generating.owner_of(item) == uid]


async def _requests(context: ControllerContext, item: dict) -> list[dict]:
    """The pull requests of all generators."""
    found: list[dict] = []
    for generator in item["spec"]["generators"]:
        asked = generator["pullRequest"]["github"]
        token, ask = await _token(context, asked.get("tokenRef")), context.github.open_requests
        try:
            answer = await asyncio.to_thread(ask, asked["owner"], asked["repo"], token)
        except GitHubError as error:
            raise SetError(Reason.GENERATION, f"error listing repos: {error}") from error
        found += generating.with_labels(answer, asked.get("labels") or ())
    return found


async def _token(context: ControllerContext, reference: dict | None) -> str:
    """What the Secret has under the key; "" without a reference."""
    if not reference:
        return ""
    named, key = f"{context.namespace}/{reference['secretName']}", reference["key"]
    try:
        secret = await context.api.read("v1", "Secret", context.namespace, reference["secretName"])
    except ApiError as error:
        what = f"error fetching Secret token: error fetching secret {named}: {error}"
        raise SetError(Reason.GENERATION, what) from error
    if key not in (secret.get("data") or {}):
        what = f'error fetching Secret token: key "{key}" in secret "{named}" not found'
        raise SetError(Reason.GENERATION, what)
    return base64.b64decode(secret["data"][key]).decode().strip()


def _faults(context: ControllerContext, item: dict, wanted: list[dict]) -> dict[str, str]:
    """Why some Applications may not be, by name."""
    faults: dict[str, str] = {}
    known: set[str] = set()
    for application in wanted:
        name, project = application["metadata"]["name"], application["spec"]["project"]
        if name in known:
            own_name = item["metadata"]["name"]
            faults[name] = f"ApplicationSet {own_name} contains applications with duplicate name: {name}"
        elif not context.projects.get(context.namespace, project):
            faults[name] = f"application references project {project} which does not exist"
        known.add(name)
    return faults


async def _bring(context: ControllerContext, item: dict, application: dict) -> None:
    """Make it, or make it as it is to be."""
    name = application["metadata"]["name"]
    live = context.application(name)
    try:
        if not live:
            log.info("%s: created Application %s", item["metadata"]["name"], name)
            return context.applications.store(await context.api.create(application))
        if live["metadata"].get("deletionTimestamp"):
            return None  # once it is gone it is made anew
        if generating.owner_of(live) not in ("", item["metadata"]["uid"]):
            raise SetError(Reason.UPDATING, f"Application {name} is already owned by another object")
        after = generating.taken_over(live, application)
        if patch := changes(generating.decided(live), generating.decided(after)):
            await context.patch(live, patch)
        return None
    except ApiError as error:
        raise SetError(Reason.UPDATING, str(error)) from error


async def _remove(context: ControllerContext, item: dict, wanted: set[str]) -> None:
    """What belongs to no pull request any more: the finalizer takes its objects along."""
    for application in own(context, item):
        metadata = application["metadata"]
        if metadata["name"] not in wanted and not metadata.get("deletionTimestamp"):
            log.info("%s: deleted Application %s", item["metadata"]["name"], metadata["name"])
            await context.api.delete(application, "Background")
