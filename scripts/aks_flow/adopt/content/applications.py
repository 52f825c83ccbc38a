"""Argo CD's objects: an AppProject that permits what there is, and an Application for each environment."""

from collections.abc import Iterable
from dataclasses import replace

from aks_flow.adopt.answers import Answers, NewEnvironment
from aks_flow.adopt.content.workflows import TEMPLATES
from aks_flow.manifests.checks.kinds import group_of, is_namespaced
from aks_flow.manifests.layout import PREVIEW_PROJECT, PREVIEW_SET

_REPOSITORY = "https://git.invalid/{name}.git"
_KUSTOMIZATION = """\
# The Argo CD objects of the pull path. `./inv argocd.apply` fills in the repository, the branch and the
# namespace from invoke.yaml; as they stand they name a repository that does not exist.
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization

namespace: argocd

resources:
  - project.yaml
{resources}"""

_PROJECT = """\
# What the Applications may do: this repository, these namespaces, the kinds that the manifests hold, and
# no other.
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: {name}
spec:
  sourceRepos:
    - {repository}
  destinations:
{destinations}  clusterResourceWhitelist:{cluster}
{namespaced}"""
_NAMESPACED = "  namespaceResourceWhitelist:{}\n"
_ANY_NAMESPACED = """\
  # Here it was not known what the chart renders: without a `namespaceResourceWhitelist` all of a namespace's
  # kinds are permitted, an empty one permits none.
"""

_APPLICATION = """\
# Deleting this object deletes nothing else: it has no finalizer.
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: {namespace}
spec:
  project: {name}
  source:
    repoURL: {repository}
    targetRevision: gitops
    path: {path}
  destination:
    server: https://kubernetes.default.svc
    namespace: {namespace}
  syncPolicy:
    automated:
      prune: true
      selfHeal: true
    syncOptions:
      - CreateNamespace=true
      - FailOnSharedResource=true
    # Short: while a refused commit is tried again, the commit that corrects it waits.
    retry:
      limit: 2
      refresh: true # of the newest commit, if one came meanwhile
      backoff:
        duration: 2s
        factor: 2
        maxDuration: 1m
"""


def applications(answers: Answers, objects: Iterable[dict], paths: dict[str, str]) -> dict[str, str]:
    """The files, by name. objects: all that is delivered. paths: of each environment on the GitOps branch."""
    names = [environment.name for environment in answers.environments]
    files = {
        "kustomization.yaml": _KUSTOMIZATION.format(resources="".join(f"  - {name}.yaml\n" for name in names))
    }
    files["project.yaml"] = _project(answers, objects)
    for environment in answers.environments:
        files[f"{environment.name}.yaml"] = _application(answers.name, environment, paths[environment.name])
    return files


def _project(answers: Answers, objects: Iterable[dict]) -> str:
    kinds = {(item["apiVersion"], item["kind"]) for item in objects} | {("v1", "Namespace")}
    scopes = {(group_of(version), kind): is_namespaced(version, kind) for version, kind in kinds}
    namespaced = [kind for kind, scope in scopes.items() if scope is not False]
    destinations = "".join(
        f"    - server: https://kubernetes.default.svc\n      namespace: {environment.namespace}\n"
        for environment in answers.environments
    )
    return _PROJECT.format(
        name=answers.name,
        repository=_REPOSITORY.format(name=answers.name),
        destinations=destinations,
        cluster=_entries(kind for kind, scope in scopes.items() if scope is False),
        namespaced=_NAMESPACED.format(_entries(namespaced)) if namespaced else _ANY_NAMESPACED,
    )


def of_previews(answers: Answers, objects: Iterable[dict]) -> dict[str, str]:
    """The files of pull requests' previews, by name. objects: all that is delivered to environments."""
    preview = replace(answers.preview, namespace=f"{answers.preview.namespace}-*")
    project = replace(answers, name=f"{answers.name}-preview", environments=(preview,))
    bounds = [{"apiVersion": "v1", "kind": kind} for kind in ("ResourceQuota", "LimitRange")]
    text = (TEMPLATES / PREVIEW_SET).read_text().replace("project: PROJECT", f"project: {project.name}")
    permits = _project(project, [*objects, *bounds])
    by_name = permits.replace("kind: Namespace\n", f"kind: Namespace\n      name: {preview.namespace}\n")
    return {PREVIEW_SET: text, PREVIEW_PROJECT: by_name}


def _entries(kinds: Iterable[tuple[str, str]]) -> str:
    core = '""'  # the group of ConfigMaps, Services, …
    lines = [f"    - group: {group or core}\n      kind: {kind}" for group, kind in sorted(kinds)]
    return "\n" + "\n".join(lines) if lines else " []"


def _application(name: str, environment: NewEnvironment, path: str) -> str:
    repository = _REPOSITORY.format(name=name)
    return _APPLICATION.format(name=name, namespace=environment.namespace, repository=repository, path=path)
