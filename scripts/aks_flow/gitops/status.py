"""Each environment in one row: what the branch says, what is synced, what runs, what could be delivered."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from aks_flow.core.runner import CommandFailed
from aks_flow.core.side_by_side import side_by_side
from aks_flow.gitflow import ancestry, policy
from aks_flow.gitops.branch.branch import Branch, Tip, open_branch
from aks_flow.gitops.branch.state import State
from aks_flow.gitops.wait import running
from aks_flow.image import names
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools import argocd
from aks_flow.tools.argocd import Application, ArgoCD
from aks_flow.tools.kubectl import get, kinds, output

UNKNOWN, NONE = "unknown", "none"


@dataclass(frozen=True)
class EnvironmentRow:
    """wanted (the branch's), synced, running, newest: versions. drift: what differs from the branch."""

    environment: str
    wanted: str
    synced: str
    running: str
    newest: str
    health: str
    drift: str
    hold: str


@dataclass(frozen=True)
class PullAnswers:
    """What the branch and Argo CD said of a target's environments, each asked once.

    tip: the branch's. states: by environment. applications: by name, None if unknown.
    """

    branch: Branch
    tip: Tip
    states: Mapping[str, State]
    applications: Mapping[str, Application] | None


def read(context: DeliveryContext) -> list[EnvironmentRow]:
    """A row for each environment of the context's target.

    What the cluster cannot tell is `unknown`; the branch must exist.
    """
    answers, home = ask(context), context.home
    tags = home.registry.tags(names.app_repository(home.config))
    return side_by_side(partial(_row, context, answers, tags), context.config.environments_here)


def ask(context: DeliveryContext) -> PullAnswers:
    """Branch and cluster are asked at once; the errors are those of `Branch.tip`."""
    with ThreadPoolExecutor() as pool:
        applications = pool.submit(_applications, context)
        branch = open_branch(context.run, context.config, history=True)
        tip = branch.tip()
        states = branch.states(tip, context.config.environments_here)
        return PullAnswers(branch, tip, states, applications.result())


def _row(context: DeliveryContext, answers: PullAnswers, tags: Iterable[str], name: str) -> EnvironmentRow:
    state, environment = answers.states[name], context.config.environment(name)
    application = (answers.applications or {}).get(environment.namespace)
    return EnvironmentRow(
        name,
        wanted=state.image.tag if state.image else NONE,
        synced=_synced(answers.branch, name, application) if application else UNKNOWN,
        running=UNKNOWN if answers.applications is None else _running(context, name),
        newest=str(policy.newest(tags, environment.admits) or NONE),
        health=application.health if application else UNKNOWN,
        drift=_drift(application, state),
        hold=state.held or NONE,
    )


def _synced(branch: Branch, environment: str, application: Application) -> str:
    """The version at the revision that Argo CD last compared with, and its word on that."""
    revision = application.revision
    if not revision:
        return NONE
    if not ancestry.knows(branch.run, branch.repo, revision):
        return f"{revision[:12]} ({application.sync})"
    image = branch.state(branch.tip_at(revision), environment).image
    return f"{image.tag if image else NONE} ({application.sync})"


def _running(context: DeliveryContext, environment: str) -> str:
    """The versions of the app's own pods: several while one replaces the other."""
    resources = ",".join(map(kinds.resource, (*kinds.OWN, "Pod")))
    answer = context.run.run(get.all_of(context.cluster(environment), resources))
    images = running.images(output.objects(answer.text), context.config.app.name)
    return ", ".join(sorted({image.tag or str(image) for image in images})) or NONE


def _drift(application: Application | None, state: State) -> str:
    """None of an environment that nothing was delivered to: Argo CD finds no folder to compare it with."""
    if application is None:
        return UNKNOWN
    return drift_of(application) if state.image else NONE


def drift_of(application: Application) -> str:
    """The resources that differ, and the kinds of errors that keep Argo CD from comparing."""
    kinds = (error.kind for error in application.errors)
    return ", ".join([*application.drift, *kinds]) or NONE


def _applications(context: DeliveryContext) -> dict[str, Application] | None:
    """By name; None if the cluster does not answer, or has no Argo CD."""
    try:
        answer = context.run.run(ArgoCD.of(context.config).applications())
    except CommandFailed:
        return None
    applications = [argocd.parse(item) for item in output.objects(answer.text)]
    return {application.name: application for application in applications}
