"""Argo CD on the target's cluster: the pinned version, and the pull path's objects in manifests/argocd/."""

import hashlib
import json
import re
import shutil
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path

import yaml

from aks_flow.core import yaml_text
from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed, Runner
from aks_flow.gitops import preview_objects
from aks_flow.manifests import layout, render
from aks_flow.manifests.layout import KUSTOMIZATION, PREVIEW_PROJECT, PREVIEW_SET
from aks_flow.manifests.yaml_edit import fields
from aks_flow.manifests.yaml_edit.file_text import set_in_copy
from aks_flow.rollout import namespace_secrets
from aks_flow.tools.git import remotes
from aks_flow.tools.kubectl import Kubectl, apply, diff, get, kustomize, resources, rollout

VERSION = "v3.5.7"
MANIFEST = f"https://raw.githubusercontent.com/argoproj/argo-cd/{VERSION}/manifests/install.yaml"
OWN_NAMESPACE = "argocd"  # the official manifest's role bindings name it
DEFINITION = "customresourcedefinition.apiextensions.k8s.io/applications.argoproj.io"
FOLDER = "argocd"
_PATHS = "argocd.argoproj.io/manifest-generate-paths"
_WHY_NOT = "with it Argo CD 3.4 and 3.5 may never sync the commit that follows a failed one (docs/argocd.md)"
_UNKNOWN = re.compile(r'unknown field "([^"]+)"')  # the API server's strict decoding
Tell = Callable[[str], None]
_REPOSITORY, _BRANCH, _PATH = "spec.source.repoURL", "spec.source.targetRevision", "spec.source.path"


def fetch(file: str, digest: str) -> str:
    """The install manifest's text, from a file or, if that is "", from the project's own address.

    AksFlowError unless its content has the digest (``sha256:…``).
    """
    data = _read(file) if file else _download(MANIFEST)
    actual = f"sha256:{hashlib.sha256(data).hexdigest()}"
    if not digest:
        step = f"If that is the manifest that was reviewed, run this again with `--digest {actual}`."
        raise AksFlowError(
            f"its digest is {actual}, and nothing says that it should be",
            where=file or MANIFEST,
            next_step=step,
        )
    if actual != digest:
        step = f"Do not install it: it is not the manifest of {VERSION} that was reviewed."
        what = f"its digest is {actual}, not {digest}"
        raise AksFlowError(what, where=file or MANIFEST, next_step=step)
    return data.decode()


def _read(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        step = "Name a manifest that can be read with --file, or leave it out to download Argo CD's own."
        raise AksFlowError(f"cannot be read: {error.strerror}", where=file, next_step=step) from error


def _download(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.read()
    except (urllib.error.URLError, OSError) as error:
        step = "Download it elsewhere and name it with --file."
        raise AksFlowError(f"cannot be downloaded: {error}", where=url, next_step=step) from error


def install(run: Runner, config: Config, manifest: str) -> bool:
    """Apply the manifest and wait until all of it runs; False if the cluster had all of it already."""
    namespace = config.gitops.namespace
    if namespace != OWN_NAMESPACE:
        what = f"Argo CD's own manifest installs into {OWN_NAMESPACE} only, not into {namespace}"
        raise AksFlowError(what, where="gitops.namespace", next_step="Install it by other means.")
    cluster = _cluster(config, namespace)
    if not run.run(get.existing(cluster, f"namespace/{namespace}")).text.strip():
        namespace_secrets.make_namespace(run, cluster, json.dumps(resources.namespace(namespace)))
    changed = run.run(diff.manifest_server_side(cluster, manifest)).code == diff.DIFFERENT
    if changed:
        run.run(apply.manifest_server_side(cluster, manifest))
    run.run(rollout.status(cluster, _workloads(manifest), config.deadline))
    return changed


def _workloads(manifest: str) -> list[str]:
    """``kind/name`` of all that `kubectl rollout status` can wait for: fewer kinds than a verdict knows."""
    kinds = {"Deployment", "StatefulSet", "DaemonSet"}
    rolling = [item for item in render.objects(manifest) if item["kind"] in kinds]
    return [f"{item['kind'].lower()}/{item['metadata']['name']}" for item in rolling]


def apply_applications(
    run: Runner, config: Config, environments: Iterable[str] = (), tell: Tell | None = None
) -> list[str]:
    """Apply the project's objects to the cluster; kubectl's lines, one for each object.

    environments: whose Applications; by default those of all that have this target. tell: is called with
    what is no failure, but is worth knowing.
    AksFlowError if the cluster has no Argo CD, or if an environment has no Application of its own.
    """
    cluster = _cluster(config)
    if not run.run(get.existing(cluster, DEFINITION)).text.strip():
        step = "Install it with `./inv argocd.install`."
        raise AksFlowError("there is no Argo CD in the cluster", where=config.target, next_step=step)
    applications = {config.environment(name).namespace for name in environments or config.environments_here}
    chosen = [item for item in render.objects(objects(run, config, tell)) if _is_applied(item, applications)]
    for item in chosen if tell else ():
        if _PATHS in (item["metadata"].get("annotations") or {}):
            tell(f"Application/{item['metadata']['name']}: take out {_PATHS}: {_WHY_NOT}")
    try:
        return run.run(apply.manifest(cluster, resources.manifest(chosen))).text.splitlines()
    except CommandFailed as error:
        raise _unknown_fields(error) or error from error


def _unknown_fields(error: CommandFailed) -> AksFlowError | None:
    """What to say if the cluster's Argo CD does not know a field; None for another refusal."""
    unknown = dict.fromkeys(_UNKNOWN.findall(error.result.error_text))
    if not unknown:
        return None
    named = ", ".join(unknown)
    what = f"the cluster's Argo CD does not know {named}: it is older than {VERSION}, or that is mistyped"
    step = (
        "Bring it to that version, or take this out of its objects: without the `name` of a kind a project "
        "permits all of it, without `refresh` a retry stays with the commit that failed."
    )
    return AksFlowError(what, where=FOLDER, next_step=step)


def _is_applied(item: dict, applications: set[str]) -> bool:
    """Whether it is one of these Applications, or an object that all of them need."""
    return item["kind"] != "Application" or item["metadata"]["name"] in applications


def objects(run: Runner, config: Config, tell: Tell | None = None) -> str:
    """The objects as the target needs them: the repository, the branch, paths and the namespace filled in.

    tell: is called with why pull requests get no Applications, if the project wants them to.
    """
    with tempfile.TemporaryDirectory(prefix="aks-flow-") as temporary:
        place = layout.applications(config)
        if not (config.root / place).is_dir():
            step = "Add it, or name another one: gitops.applications in invoke.yaml."
            raise AksFlowError("there are no Argo CD objects", where=place, next_step=step)
        folder = Path(shutil.copytree(config.root / place, Path(temporary) / FOLDER))
        address = repository(run, config)
        fill(folder, config, address)
        _with_previews(run, config, folder, address, tell)
        return run.run(kustomize.render(folder)).text


def _with_previews(run: Runner, config: Config, folder: Path, address: str, tell: Tell | None) -> None:
    """Add what pull requests need, if there is a place for it."""
    if why := preview_objects.missing(run, config, folder):
        if tell and config.previews.namespace:
            tell(f"no Applications of pull requests: {why}")
        return
    preview_objects.fill(run, folder, config, address)
    _add(folder / KUSTOMIZATION, PREVIEW_PROJECT, PREVIEW_SET)


def _add(kustomization: Path, *names: str) -> None:
    """More resources, in a copy that nobody keeps."""
    content = yaml_text.load(kustomization.read_text(), kustomization.name)
    content["resources"] = list(dict.fromkeys([*(content.get("resources") or ()), *names]))
    kustomization.write_text(yaml.safe_dump(content))


def fill(folder: Path, config: Config, repository: str) -> None:
    """Set the target's values in the files of ``folder``; every other byte stays."""
    for name, environment in config.environments_here.items():
        file = folder / f"{name}.yaml"
        _check_application(file, environment.namespace)
        set_in_copy(file, _REPOSITORY, repository)
        set_in_copy(file, _BRANCH, config.gitops.branch)
        set_in_copy(file, _PATH, layout.source_path(config, name))
    set_in_copy(folder / "project.yaml", "spec.sourceRepos[0]", repository)
    set_in_copy(folder / KUSTOMIZATION, "namespace", config.gitops.namespace)


def _check_application(file: Path, namespace: str) -> None:
    """AksFlowError unless the file holds the Application that the configuration means."""
    where = f"{FOLDER}/{file.name}"
    if not file.is_file():
        raise AksFlowError("the environment has no Application", where=where, next_step="Add this file.")
    text = file.read_text()
    for path in ("metadata.name", "spec.destination.namespace"):
        [(value, line)] = fields.get(text, path, where=where)
        if value != namespace:
            what = f"`{path}` is {value}, and the environment's namespace is {namespace}"
            step = "Make invoke.yaml and this file agree."
            raise AksFlowError(what, where=f"{where}:{line}", next_step=step)


def repository(run: Runner, config: Config) -> str:
    """What Argo CD reads: the target's repository, or where this one was cloned from, without a password."""
    url = config.destination.repository or run.run(remotes.origin(config.root)).text.strip()
    if not url:
        key = f"targets.{config.target}.repository"
        step = f"Set {key} in invoke.yaml, or add the remote `origin`."
        raise AksFlowError("it is not known which repository Argo CD is to read", where=key, next_step=step)
    return remotes.parse_url(url) if url.startswith("http") else url


def _cluster(config: Config, namespace: str = "") -> Kubectl:
    return Kubectl.at(config.destination, namespace)
