"""The Argo CD objects of previews: an ApplicationSet of pull requests, and the AppProject that bounds it.

https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators-Pull-Request/
"""

import os
import re
from pathlib import Path, PurePosixPath

from aks_flow.core.config import Config, previews
from aks_flow.core.runner import Runner
from aks_flow.manifests import layout
from aks_flow.manifests.layout import PREVIEW_PROJECT, PREVIEW_SET
from aks_flow.manifests.yaml_edit.file_text import set_in_copy
from aks_flow.tools.git import remotes
from aks_flow.tools.kubectl import Kubectl, get

DEFINITION = "customresourcedefinition.apiextensions.k8s.io/applicationsets.argoproj.io"
NUMBER = "{{.number}}"  # of Argo CD's template
_HOSTED = re.compile(
    r"(?:\w+://(?:[^@/]*@)?|[^@/:]+@)(?P<host>[^:/]+)(?::\d+)?[:/](?P<owner>[^/]+)/(?P<name>[^/]+?)(?:\.git)?/?"
)
_NAMED = re.compile(r"(?:(?P<host>[^/]+)/)?(?P<owner>[^/]+)/(?P<name>[^/]+)")  # gh help environment


def missing(run: Runner, config: Config, folder: Path) -> str:
    """Why the objects are not applied, "" if they are. folder: of the project's Argo CD objects."""
    if not config.previews.namespace:
        return "this project has none"
    if not (folder / PREVIEW_SET).is_file():
        return f"there is no {PREVIEW_SET}"
    if not _hosted(run, config):
        return (
            "neither origin nor GH_REPO is a repository on GitHub, whose pull requests Argo CD could ask for"
        )
    cluster = Kubectl.at(config.destination)
    if not run.run(get.existing(cluster, DEFINITION)).text.strip():
        return "the cluster's Argo CD has no ApplicationSets"
    return ""


def fill(run: Runner, folder: Path, config: Config, repository: str) -> None:
    """Set the target's values in the files of ``folder``; every other byte stays."""
    host, owner, name = _hosted(run, config)
    github, spec = "spec.generators[0].pullRequest.github", "spec.template.spec"
    namespace = f"{config.previews.namespace}-{NUMBER}"
    values = {
        "metadata.name": config.previews.namespace,
        f"{github}.api": _api(host),
        f"{github}.owner": owner,
        f"{github}.repo": name,
        "spec.template.metadata.name": namespace,
        f"{spec}.source.repoURL": repository,
        f"{spec}.source.targetRevision": config.gitops.branch,
        f"{spec}.source.path": _path(config),
        f"{spec}.destination.namespace": namespace,
    }
    for path, value in values.items():
        set_in_copy(folder / PREVIEW_SET, path, value)
    set_in_copy(folder / PREVIEW_PROJECT, "spec.sourceRepos[0]", repository)
    set_in_copy(folder / PREVIEW_PROJECT, "spec.destinations[0].namespace", f"{config.previews.namespace}-*")


def _path(config: Config) -> str:
    """Where the branch has a preview: its folder's name has the number."""
    number = 1
    named = config.with_preview(number)
    inside = layout.place(named, previews.name(number))
    return str(PurePosixPath(f"{previews.FOLDER}-{NUMBER}", inside))


def _api(host: str) -> str:
    """Where a GitHub answers; what a server of one's own has before its paths Argo CD adds itself."""
    return f"https://api.{host}/" if host == "github.com" or host.endswith(".ghe.com") else f"https://{host}/"


def _hosted(run: Runner, config: Config) -> tuple[str, str, str] | None:
    """Host, owner and name of the repository that gh asks: GH_REPO's, else origin's; None of a path."""
    named = os.environ.get("GH_REPO", "")
    match = _NAMED.fullmatch(named) or _HOSTED.fullmatch(run.run(remotes.origin(config.root)).text.strip())
    return (match["host"] or "github.com", match["owner"], match["name"]) if match else None
