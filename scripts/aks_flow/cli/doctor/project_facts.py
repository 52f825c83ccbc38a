"""What the doctor looks at in the project itself, as its files lie there; no cluster or registry is asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from invoke import Collection

from aks_flow.cli import manifest_findings, workflows
from aks_flow.cli.doctor.facts import ProbeAnswer
from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import Runner
from aks_flow.gitflow import work_tree
from aks_flow.image import names
from aks_flow.manifests import render
from aks_flow.manifests.render_request import RenderRequest
from aks_flow.manifests.sync_waves import SKIP, order
from aks_flow.manifests.unpinned import check_pinned
from aks_flow.workflows import files
from aks_flow.workflows.triggers import example, starts

_DIGEST = f"sha256:{'f' * 64}"  # of images that a delivery would pin: which it is does not matter here
_VERSION = "0.0.0"
_NOT_LOOKED_AT = ProbeAnswer(why="not looked at before the manifests of all environments are well")


@dataclass(frozen=True)
class ProjectFacts:
    """recipes: whether there is a Dockerfile, by image. objects: an environment's, by its name, all pinned.

    broken: why an environment cannot be rendered or pinned, by its name. errors: how many findings of
    `manifests.check` no delivery would survive. workflows: how many findings the workflow files have.
    silent: the patterns of an environment's branches to which a push starts no workflow, by its name.
    left_out: the hooks that `push` leaves out, by the environment's name.
    """

    config: Config
    recipes: Mapping[str, bool]
    objects: Mapping[str, list[dict]]
    broken: Mapping[str, ProbeAnswer]
    errors: ProbeAnswer
    workflows: ProbeAnswer
    silent: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read(run: Runner, config: Config, tasks: Collection) -> ProjectFacts:
    """``tasks``: those that the project's workflow files may call."""
    built = config.app.built_images
    recipes = {name: (config.root / image.file).is_file() for name, image in built.items()}
    tree = cache(lambda: work_tree.tree_of_files(run, config.root))
    objects, broken, left_out = {}, {}, {}
    for name in config.environments:
        try:
            objects[name], left_out[name] = _pinned(run, config, name, tree())
        except AksFlowError as error:
            broken[name] = ProbeAnswer.of_error(error)
    errors = _NOT_LOOKED_AT if broken else _counted(lambda: _errors(run, config))
    return ProjectFacts(
        config,
        recipes,
        objects,
        broken,
        errors,
        _counted(lambda: _workflow_findings(config, tasks)),
        _silent(config),
        left_out,
    )


def _pinned(run: Runner, config: Config, environment: str, tree: str) -> tuple[list[dict], tuple[str, ...]]:
    """The environment's objects with pins such as a delivery sets, and the hooks that `push` leaves out.

    AksFlowError if one lacks a pin, or is a hook that no delivery can wait for.
    """
    images = {
        name: names.repository(config, name).with_tag(_VERSION, _DIGEST) for name in config.app.built_images
    }
    copies = {name: _copy(config, image.source) for name, image in config.images.items()}
    request = RenderRequest(config.root, tree, config, environment, {**copies, **images})
    manifest = render.render(run, request)
    objects, ordered = render.objects(manifest), order(render.documents(manifest))
    check_pinned(objects, images.values(), copies, config, environment)
    return objects, tuple(document.ref for document in ordered.left_out if SKIP not in document.phases)


def _copy(config: Config, original: ImageRef) -> ImageRef:
    copy = names.copy_of(config, original)
    return copy.with_tag(copy.tag, _DIGEST)


def _errors(run: Runner, config: Config) -> int:
    rows = manifest_findings.find(run, config)
    return sum(1 for row in rows if row.kind == manifest_findings.ERROR and not row.accepted)


def _workflow_findings(config: Config, tasks: Collection) -> int:
    texts, branches = workflows.read_files(config.root), workflows.branches_of(config)
    return len(workflows.own_findings(config.root, texts, tasks, branches))


def _silent(config: Config) -> dict[str, tuple[str, ...]]:
    """Nothing where no workflow can be read: that is a finding of its own."""
    try:
        read = files.read_all(config.root)
    except AksFlowError:
        return {}
    return {
        name: tuple(
            pattern
            for pattern in environment.branches
            if not any(starts(workflow, example(pattern)) for workflow in read)
        )
        for name, environment in config.environments.items()
    }


def _counted(count: Callable[[], int]) -> ProbeAnswer:
    try:
        return ProbeAnswer(str(count()))
    except AksFlowError as error:
        return ProbeAnswer.of_error(error)
