"""A project that is one already: what its invoke.yaml says counts as the answers."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from aks_flow.adopt import package
from aks_flow.adopt.answers import AdoptedSecret, Answers, BuiltImage, NewEnvironment, OtherImage
from aks_flow.adopt.asking import Given
from aks_flow.adopt.content.manifests import usual_overlay
from aks_flow.adopt.survey.dockerfiles import Dockerfile
from aks_flow.adopt.survey.layout import Layout
from aks_flow.adopt.survey.pods import Answering
from aks_flow.adopt.survey.tree import WorkTree
from aks_flow.core import yaml_text
from aks_flow.core.config import Config, previews
from aks_flow.core.config.app import AppImage
from aks_flow.core.config.load import load
from aks_flow.core.config.render import HELM
from aks_flow.core.config.sections import Environment
from aks_flow.core.errors import AksFlowError
from aks_flow.core.project import FILE
from aks_flow.core.runner import Runner
from aks_flow.manifests import layout


def is_project(tree: WorkTree) -> bool:
    return (tree.root / FILE).is_file()


def recall(run: Runner, tree: WorkTree, given: Given) -> Answers:
    """AksFlowError if invoke.yaml is not sound, or if a flag is given that it answers."""
    _refuse(given)
    config = read_config(tree)
    environments = config.environments
    return Answers(
        name=_project_name(tree, config),
        layout=_layout(config),
        answering=Answering(config.app.name, service=config.contract.service, port=config.contract.port),
        version_path=config.contract.version.path,
        built=tuple(_built(name, image) for name, image in config.app.built_images.items()),
        others=tuple(
            OtherImage(name, str(image.source), image.packages) for name, image in config.images.items()
        ),
        environments=tuple(_environment(config, name, item) for name, item in environments.items()),
        secrets={name: AdoptedSecret(item.keys, item.from_) for name, item in config.secrets.items()},
        branches=dict(config.branches),
        lint=tuple(" ".join(words) for words in config.lint),
        test=tuple(" ".join(words) for suite in config.test.values() for words in suite),
        change=None,
        package=package.named(given.package) if given.package else package.running(run),
        policy=config.checks.policy,
        preview=_preview(config),
    )


def _layout(config: Config) -> Layout:
    render = config.app.render
    if render.kind == HELM:
        values = {name: item.values[0] for name, item in config.environments.items() if item.values}
        return Layout(HELM, config.app.manifests, render.chart, values)
    folders = {name: item.overlay for name, item in config.environments.items() if item.overlay}
    return Layout(render.kind, config.app.manifests, config.app.manifests, folders)


def _refuse(given: Given) -> None:
    """Two answers to one question would be one too many."""
    for flag, value in vars(given).items():
        if value and flag != "package":
            what = f"--{flag.replace('_', '-')} is answered there already"
            raise AksFlowError(what, where=FILE, next_step="Change it in that file, and leave the flag out.")


def read_config(tree: WorkTree) -> Config:
    """What its invoke.yaml says; AksFlowError if that is not sound."""
    data = yaml_text.load(tree.text(FILE), FILE)
    return load(data if isinstance(data, dict) else {}, tree.root)


def _project_name(tree: WorkTree, config: Config) -> str:
    """That of the AppProject, if there is one; or what the cluster is called."""
    path = PurePosixPath(applications_folder(config), "project.yaml")
    project = _first(tree.text(str(path))) if str(path) in tree.files else {}
    return (project.get("metadata") or {}).get("name") or config.azure.cluster.name


def _first(text: str) -> Mapping[str, Any]:
    try:
        data = next(iter(yaml_text.load_all(text)), None)
    except yaml_text.NotYaml:  # argocd.apply will say so
        data = None
    return data if isinstance(data, dict) else {}


def applications_folder(config: Config) -> str:
    folder = config.gitops.applications or f"{config.app.manifests}/argocd"
    return str(PurePosixPath(folder))


def _built(name: str, image: AppImage) -> BuiltImage:
    return BuiltImage(name, name, Dockerfile(image.file, image.folder or ".", ()), dict(image.args))


def _preview(config: Config) -> NewEnvironment | None:
    asked = config.previews
    if not asked.namespace:
        return None
    folder = str(PurePosixPath(config.app.manifests, layout.own_folders(config)[previews.FOLDER]))
    return NewEnvironment(previews.FOLDER, asked.namespace, "any", (), overlay=folder, values=asked.values)


def _environment(config: Config, name: str, environment: Environment) -> NewEnvironment:
    overlay = environment.overlay or usual_overlay(config.app.manifests, name)
    return NewEnvironment(
        name,
        environment.namespace,
        environment.admits,
        environment.branches,
        overlay=overlay,
        values=environment.values,
    )
