"""What environments are made of: overlays or values of their own, where the repository has none that do."""

import posixpath
from dataclasses import replace
from pathlib import PurePosixPath

from aks_flow.adopt.answers import Answers, NewEnvironment
from aks_flow.adopt.content import overlays, own_hosts
from aks_flow.adopt.survey.survey import Survey
from aks_flow.core.config.render import HELM, KUSTOMIZE
from aks_flow.core.image_ref import ImageRef

_VALUES = "# What differs in {name}. Deliveries set the images.\n"


def settled(survey: Survey, answers: Answers) -> Answers:
    """With the place of each environment's own part."""
    settle = {KUSTOMIZE: _with_overlay, HELM: _with_values}.get(answers.layout.kind, _with_folder)
    environments = tuple(settle(survey, answers, environment) for environment in answers.environments)
    return replace(answers, environments=environments)


def manifest_files(survey: Survey, answers: Answers) -> dict[str, str]:
    """The text of the files that environments have besides what there is, by path."""
    files: dict[str, str] = {}
    for environment in answers.environments:
        if answers.layout.kind == KUSTOMIZE and environment.overlay != environment.has:
            below = (environment.has,) if environment.has else answers.layout.bases
            called = _called(survey, answers, environment.has)
            hosts = _own_hosts(survey, answers, environment)
            files |= overlays.overlay(answers, environment, below, called, hosts)
        elif answers.layout.kind == HELM and environment.values != (environment.has,):
            files |= {path: _VALUES.format(name=environment.name) for path in environment.values}
    return files


def _own_hosts(survey: Survey, answers: Answers, environment: NewEnvironment) -> str:
    """The patches of an environment that the repository has nothing of, "" for none."""
    prefix = answers.host_prefix(environment)
    return own_hosts.patches(survey.common, prefix) if prefix and not environment.has else ""


def usual_overlay(folder: str, environment: str) -> str:
    """Where an overlay is unless invoke.yaml says otherwise."""
    return posixpath.normpath(f"{folder}/overlays/{environment}")


def _with_overlay(survey: Survey, answers: Answers, environment: NewEnvironment) -> NewEnvironment:
    """Its own if that lists the pins, or else one on top of it; or a new one."""
    folder = answers.layout.folder
    overlay = environment.has
    if not overlay:
        overlay = usual_overlay(folder, environment.name)
    elif not _lists_pins(survey, answers, overlay):
        overlay = posixpath.normpath(f"{folder}/pins/{environment.name}")
    return replace(environment, overlay=overlay)


def _lists_pins(survey: Survey, answers: Answers, overlay: str) -> bool:
    """Whether an overlay has an entry for each image that needs one, by the name that invoke.yaml has."""
    listed = _entries(survey, overlay)
    return all(name == image.name and name in listed for name, image in _mentions(answers).items())


def _mentions(answers: Answers) -> dict[str, ImageRef]:
    """What environments have in common runs, by the names of invoke.yaml; but for what has a digest."""
    own = {image.name: image.mention for image in answers.built}
    others = {image.name: image.mention for image in answers.others if image.mention}
    images = {name: ImageRef.parse(mention) for name, mention in (own | others).items()}
    return {name: image for name, image in images.items() if name in own or not image.digest}


def _called(survey: Survey, answers: Answers, overlay: str) -> dict[str, ImageRef]:
    """What an overlay makes of these; "" for none."""
    entries = _entries(survey, overlay)
    return {name: changed(image, entries.get(image.name, {})) for name, image in _mentions(answers).items()}


def _entries(survey: Survey, overlay: str) -> dict[str, dict]:
    """The entries of a kustomization's `images`, by name."""
    entries = survey.kustomizations.get(overlay, {}).get("images") or []
    return {entry["name"]: entry for entry in entries if isinstance(entry, dict) and entry.get("name")}


def changed(image: ImageRef, entry: dict) -> ImageRef:
    """The image that an entry makes of another."""
    name = ImageRef.parse(str(entry.get("newName") or image.name))
    tag, digest = str(entry.get("newTag") or ""), str(entry.get("digest") or "")
    if not (tag or digest):
        tag, digest = image.tag, image.digest
    return ImageRef(name.registry, name.repository, tag, digest)


def _with_values(survey: Survey, answers: Answers, environment: NewEnvironment) -> NewEnvironment:
    values = environment.has or str(PurePosixPath(answers.layout.base, f"values-{environment.name}.yaml"))
    return replace(environment, values=(values,))


def _with_folder(survey: Survey, answers: Answers, environment: NewEnvironment) -> NewEnvironment:
    return replace(environment, overlay=environment.has)
