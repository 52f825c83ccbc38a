"""A project of bench's own: environments with a given number of services, none of which has a pod.

Each service is a Deployment and a Service. All run one image, which holds a file and nothing else.
"""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import yaml

from aks_flow.core.command import command
from aks_flow.core.config import Config
from aks_flow.core.config.load import load
from aks_flow.core.project import FILE
from aks_flow.rehearsal.scenarios import routes, workspace
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.git import worktree
from aks_flow.tools.kubectl import resources

NAME = "bench"
DOCKERFILE = "FROM scratch\nCOPY Dockerfile /\n"
# What the other project's own sections say of its app, and what may be left out.
_OF_ITS_APP = ("contract", "smoke", "secrets", "previews", "checks", "attested_by", "lint", "test")
_PLACEHOLDER = {"newName": f"registry.invalid/{NAME}", "newTag": "0.0.0", "digest": f"sha256:{'0' * 64}"}


def make(context: DeliveryContext, environments: Mapping[str, int]) -> Path:
    """A new repository with the project, on develop. environments: how many services each has."""
    run, config, repo = context.run, context.config, context.config.state / NAME
    shutil.rmtree(repo, ignore_errors=True)
    run.run(command("git", "init", "--quiet", f"--initial-branch={routes.develop(config)}", repo))
    for path, text in _files(config, environments).items():
        (repo / path).parent.mkdir(parents=True, exist_ok=True)
        (repo / path).write_text(text)
        run.run(worktree.add(repo, repo / path))
    workspace.commit(run, repo, "Measure a project of services")
    return repo


def inside(context: DeliveryContext, repo: Path) -> DeliveryContext:
    """The same context, which delivers this project from ``repo``."""
    own = load(yaml.safe_load((repo / FILE).read_text()), repo)
    config = context.config
    return replace(context, config=replace(own, target=config.target, targets=config.targets))


def namespace(environment: str) -> str:
    return f"{NAME}-{environment}"


def _files(config: Config, environments: Mapping[str, int]) -> dict[str, str]:
    """What each file of the project holds."""
    settings = yaml.safe_load((config.root / FILE).read_text())
    own = {
        "app": {"name": NAME, "context": "image", "manifests": "manifests"},
        "images": {},
        "environments": {name: {"namespace": namespace(name), "admits": "any"} for name in environments},
        "azure": {**settings["azure"], "github": {}},  # which names environments
    }
    kept = {name: section for name, section in settings.items() if name not in _OF_ITS_APP}
    made = {FILE: yaml.safe_dump(kept | own), "image/Dockerfile": DOCKERFILE}
    for name, count in environments.items():
        folder = f"manifests/overlays/{name}"
        made[f"{folder}/kustomization.yaml"] = yaml.safe_dump(_overlay(name))
        made[f"{folder}/services.yaml"] = yaml.safe_dump_all(_objects(name, count))
    return made


def _overlay(environment: str) -> dict:
    return {
        "namespace": namespace(environment),
        "resources": ["services.yaml"],
        "images": [{"name": NAME, **_PLACEHOLDER}],
    }


def _objects(environment: str, count: int) -> list[dict]:
    """The namespace and the services, the first of which is called as the app."""
    names = [NAME, *(f"{NAME}-{number}" for number in range(2, count + 1))]
    services = [item for name in names for item in (_deployment(name), _service(name))]
    return [resources.namespace(namespace(environment)), *services]


def _deployment(name: str) -> dict:
    labels = {"app": name}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": NAME, "image": NAME}]}}
    spec = {"replicas": 0, "selector": {"matchLabels": labels}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec}


def _service(name: str) -> dict:
    spec = {"selector": {"app": name}, "ports": [{"port": 80}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}
