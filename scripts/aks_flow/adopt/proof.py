"""A project tried out before anything is written: its configuration loads, and its environments render."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import yaml

from aks_flow.adopt.answers import Answers
from aks_flow.adopt.survey.survey import rendered
from aks_flow.adopt.survey.tree import WorkTree
from aks_flow.core.config import Config
from aks_flow.core.config.errors import ConfigError
from aks_flow.core.config.load import load
from aks_flow.core.config.render import KUSTOMIZE
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.manifests import plain
from aks_flow.manifests.layout import KUSTOMIZATION


def check_configuration(text: str, root: Path) -> Config:
    """AksFlowError if a project with this invoke.yaml, which is not written yet, could not begin."""
    try:
        return load(yaml.safe_load(text), root)
    except ConfigError as error:
        what = f"invoke.yaml cannot say what is there: {error.what}"
        step = "Change it there, or say something else by a flag (./inv --help adopt)."
        raise AksFlowError(what, where="the repository", next_step=step) from error


def rendered_objects(
    run: Runner, tree: WorkTree, answers: Answers, files: Mapping[str, str], otherwise: list[dict]
) -> list[dict]:
    """The objects of all environments, with the files that are to be written.

    otherwise: those of manifests that kustomize does not render. AksFlowError if one does not render.
    """
    if answers.layout.kind != KUSTOMIZE:
        return otherwise
    with tempfile.TemporaryDirectory(prefix="aks-flow-") as folder:
        top = Path(folder)
        for path in tree.below(answers.layout.folder):
            _put(top, path, (tree.root / path).read_bytes())
        for path, text in files.items():
            _put(top, path, text.encode())
        overlays = [environment.overlay for environment in answers.environments]
        if answers.preview:
            rendered(run, top, answers.preview.overlay)
        return [item for overlay in overlays for item in rendered(run, top, overlay)]


def check_plain(run: Runner, tree: WorkTree, config: Config) -> None:
    """AksFlowError if plain manifests do not render as a delivery renders them."""
    folder = config.app.manifests
    with tempfile.TemporaryDirectory(prefix="aks-flow-") as place:
        top = Path(place)
        for path in tree.below(folder):
            _put(top, path, (tree.root / path).read_bytes())
        listed = {name: plain.resources(top / folder, config, name) for name in config.environments}
        for name, resources in listed.items():
            data = {"namespace": config.environments[name].namespace, "resources": resources}
            _put(top, f"{folder}/{KUSTOMIZATION}", yaml.safe_dump(data).encode())
            rendered(run, top, folder)


def _put(top: Path, path: str, content: bytes) -> None:
    place = top / path
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    except OSError as error:  # a file where there is to be a folder
        step = "Nothing was changed. Remove what is in its place; then run the same command again."
        raise AksFlowError(f"cannot be written: {error.strerror}", where=path, next_step=step) from error
