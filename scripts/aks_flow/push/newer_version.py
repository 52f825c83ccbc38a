"""Is what runs newer than what is about to replace it? Two pushes may run in the wrong order."""

from dataclasses import dataclass

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.gitflow import ancestry
from aks_flow.gitflow.source import Source
from aks_flow.gitflow.version import Version
from aks_flow.push.strategy import cluster_state
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.git import remotes
from aks_flow.tools.kubectl import get, output

COMMIT, VERSION = "aks-flow/commit", "aks-flow/version"  # annotations of the app's Deployment
_ORIGIN = "origin"


@dataclass(frozen=True)
class Running:
    """What a delivery left on the app's Deployment. commit: "" if it was of no commit, or is not known."""

    commit: str
    version: str


def find_newer(context: DeliveryContext, environment: str, source: Source) -> str:
    """The newer version of ``source``'s own line that runs, or stands beside what runs; "" if none does."""
    run, cluster, app = context.run, context.cluster(environment), context.config.app.name
    deployments = output.objects(run.run(get.find(cluster, "deployment.apps", app)).text)
    deployments += cluster_state.read_twins(context, environment).values()
    versions = (newer_than(run, source, running(deployment)) for deployment in deployments)
    return next((version for version in versions if version), "")


def marks(commit: str, version: str) -> dict[str, str]:
    """The annotations that a delivery leaves on the app's Deployment."""
    return {COMMIT: commit, VERSION: version}


def marks_of(deployment: dict) -> dict[str, str]:
    """The marks that a Deployment has, for another one to have them too."""
    annotations = deployment["metadata"].get("annotations") or {}
    return {key: annotations[key] for key in (COMMIT, VERSION) if key in annotations}


def running(deployment: dict) -> Running | None:
    """None if no delivery left its marks there."""
    annotations = deployment.get("metadata", {}).get("annotations") or {}
    return Running(annotations.get(COMMIT, ""), annotations[VERSION]) if VERSION in annotations else None


def newer_than(run: Runner, source: Source, current: Running | None) -> str:
    """The version that runs if it is newer than ``source`` and of its line, else "".

    It is newer if its commit contains the source's. Where git does not know that commit, versions decide.
    """
    if current is None or current.commit == source.commit:
        return ""
    if _is_here(run, source, current.commit):
        contained = ancestry.contains(run, source.repo, current.commit, source.commit)
        return current.version if contained else ""
    return current.version if is_older(source.version, current.version) else ""


def is_older(version: Version, other: str) -> bool:
    """Whether ``version`` is below another one of its own line: of develop, of the same release, …"""
    try:
        theirs = Version.parse(other)
    except AksFlowError:
        return False
    return _line(version) == _line(theirs) and version < theirs


def _line(version: Version) -> tuple:
    """The branch that a version is of: candidates belong to one release, all else to its label."""
    label = version.prerelease.partition(".")[0]
    return (label, version.major, version.minor, version.patch) if label == "rc" else (label,)


def _is_here(run: Runner, source: Source, commit: str) -> bool:
    """Whether the clone has the commit, once origin was asked: a newer one was pushed after the checkout."""
    if commit and not ancestry.knows(run, source.repo, commit):
        run.run(remotes.fetch_all(source.repo, _ORIGIN))  # if it does not answer, versions decide
    return ancestry.knows(run, source.repo, commit)
