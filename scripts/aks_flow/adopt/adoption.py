"""From a repository to the plan of its adoption: everything is read and tried, nothing is written."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from aks_flow.adopt.answers import Answers, NewEnvironment
from aks_flow.adopt.asking import Ask, Given
from aks_flow.adopt.content import overlays, own_hosts, previews
from aks_flow.adopt.content.configuration import configuration
from aks_flow.adopt.content.manifests import manifest_files, settled
from aks_flow.adopt.content.overlay_copy import copied
from aks_flow.adopt.decide import decide
from aks_flow.adopt.files import project_files
from aks_flow.adopt.hardening import accepted_rules, strictest_policy
from aks_flow.adopt.plan import PlannedFile
from aks_flow.adopt.proof import check_configuration, check_plain, rendered_objects
from aks_flow.adopt.recall import is_project, read_config, recall
from aks_flow.adopt.survey.layout import Layout
from aks_flow.adopt.survey.manifests import find_manifests
from aks_flow.adopt.survey.survey import objects_of, read_survey
from aks_flow.adopt.survey.tree import WorkTree, read_tree
from aks_flow.core.config.render import HELM, KUSTOMIZE, PLAIN
from aks_flow.core.errors import AksFlowError
from aks_flow.core.project import FILE
from aks_flow.core.runner import NotInstalled, Runner
from aks_flow.manifests.origins import render_with_origins
from aks_flow.manifests.yaml_edit.fields import set_scalar


@dataclass(frozen=True)
class Adoption:
    """tree: the repository. answers: what it is to be. files: all that a project has."""

    tree: WorkTree
    answers: Answers
    files: list[PlannedFile]


def plan_adoption(run: Runner, path: Path, given: Given, ask: Ask) -> Adoption:
    """Of the repository at a path; AksFlowError for the first thing that stands in the way."""
    tree = read_tree(run, path)
    return _again(run, tree, given) if is_project(tree) else _first(run, tree, given, ask)


def _first(run: Runner, tree: WorkTree, given: Given, ask: Ask) -> Adoption:
    survey = read_survey(run, tree, given.manifests)
    answers = settled(survey, decide(run, survey, given, ask))
    config = check_configuration(configuration(answers), tree.root)
    if answers.layout.kind == PLAIN:
        check_plain(run, tree, config)
    manifests = manifest_files(survey, answers)
    objects = rendered_objects(run, tree, answers, manifests, survey.all_objects)
    policy = strictest_policy(objects)
    answers = replace(answers, policy=policy, accepted=accepted_rules(objects, policy))
    text = configuration(answers)
    return Adoption(tree, answers, project_files(tree.root, answers, text, manifests, objects))


def _again(run: Runner, tree: WorkTree, given: Given) -> Adoption:
    """The files that are missing, of a project whose invoke.yaml stays as it is."""
    answers = recall(run, tree, given)
    manifests = _missing(tree, answers)
    objects = rendered_objects(run, tree, answers, manifests, _as_they_are(run, tree, answers.layout))
    text = tree.text(FILE)
    return Adoption(tree, answers, project_files(tree.root, answers, text, manifests, objects))


def _as_they_are(run: Runner, tree: WorkTree, layout: Layout) -> list[dict]:
    """The objects of manifests that kustomize does not render; none of a chart where Helm is missing."""
    if layout.kind == KUSTOMIZE:
        return []
    if layout.kind == HELM:
        config = read_config(tree)
        with suppress(NotInstalled):
            every = [render_with_origins(run, config, name) for name in config.environments]
            return [item.object for items in every for item in items]
        return []
    objects = objects_of(run, tree, find_manifests(tree), layout)
    return [item for items in objects.values() for item in items]


def _missing(tree: WorkTree, answers: Answers) -> Mapping[str, str]:
    """The overlays that are not there: as that of the first environment, in another namespace."""
    if answers.layout.kind != KUSTOMIZE:
        return previews.bounds(answers.preview.overlay) if _is_plain_preview(answers) else {}
    files = {item: f"{item.overlay}/{overlays.FILE}".removeprefix("./") for item in answers.environments}
    present = [item for item, file in files.items() if (tree.root / file).is_file()]
    if not present:
        step = "Bring it back with `git restore`, or remove invoke.yaml to begin anew."
        raise AksFlowError("no environment has its overlay", where=answers.layout.folder, next_step=step)
    first, where = present[0], files[present[0]]
    missing: dict[str, str] = {}
    for item, file in files.items():
        if item not in present:
            texts = copied(tree, first.overlay, item.overlay)
            moved = own_hosts.moved(texts[file], first.name, answers.host_prefix(item))
            missing |= texts | {file: set_scalar(moved, "namespace", item.namespace, where=where)}
    missing |= _preview(tree, answers, first, where)
    return {path: text for path, text in missing.items() if path not in tree.files}


def _preview(tree: WorkTree, answers: Answers, first: NewEnvironment, where: str) -> Mapping[str, str]:
    """The overlay of previews, if they are asked for and it is not there: as the first environment's."""
    asked = answers.preview
    if asked is None or (tree.root / asked.overlay / overlays.FILE).is_file():
        return {}
    texts = copied(tree, first.overlay, asked.overlay)
    file = f"{asked.overlay}/{overlays.FILE}".removeprefix("./")
    moved = own_hosts.moved(texts[file], first.name, "preview")
    own = {file: previews.overlay(moved, asked.namespace, where), **previews.bounds(asked.overlay)}
    return texts | own


def _is_plain_preview(answers: Answers) -> bool:
    """A chart has its bounds among its templates."""
    return answers.preview is not None and answers.layout.kind != HELM
