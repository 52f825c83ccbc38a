"""The overlays of environments that a repository has none for, and those that pin what its own do not."""

import posixpath
from collections.abc import Mapping, Sequence

import yaml

from aks_flow.adopt.answers import Answers, NewEnvironment
from aks_flow.core.image_ref import ImageRef

FILE = "kustomization.yaml"
_HEAD = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
_NO_DIGEST = f"sha256:{'0' * 64}"


def overlay(
    answers: Answers,
    environment: NewEnvironment,
    below: Sequence[str],
    called: Mapping[str, ImageRef],
    patches: str,
) -> dict[str, str]:
    """The files of an environment's overlay, by path.

    below: the folders that it is made of. called: what these render, by the names of invoke.yaml's images.
    patches: the key with them, "" for none. Where two names differ, a kustomization between the two folders
    gives the image its own.
    """
    folder = environment.overlay
    renamed = {image.name: name for name, image in called.items() if image.name != name}
    files = {}
    if renamed:
        files[f"{folder}/names/{FILE}"] = _names(_resources(below, f"{folder}/names"), renamed)
    resources = _resources([f"{folder}/names"] if renamed else below, folder)
    pins = _pins(answers, environment, resources, called)
    return files | {f"{folder}/{FILE}": f"{pins}\n{patches}" if patches else pins}


def _resources(below: Sequence[str], folder: str) -> str:
    lines = "".join(f"  - {posixpath.relpath(other, folder)}\n" for other in below)
    return f"resources:\n{lines}"


def _names(resources: str, renamed: Mapping[str, str]) -> str:
    entries = [{"name": mention, "newName": name} for mention, name in renamed.items()]
    comment = "# The images by the names that invoke.yaml has for them.\n"
    return f"{comment}{_HEAD}\n{resources}\n{_yaml({'images': entries})}"


def _pins(
    answers: Answers, environment: NewEnvironment, resources: str, called: Mapping[str, ImageRef]
) -> str:
    own = {image.name for image in answers.built}
    entries = [_placeholder(name) if name in own else _copy(name, image) for name, image in called.items()]
    return (
        f"{_HEAD}\nnamespace: {environment.namespace}\n\n{resources}\n"
        "# The pins: deliveries set them. What is built here has none yet.\n"
        f"{_yaml({'images': entries})}"
    )


def _placeholder(name: str) -> dict[str, str]:
    return {"name": name, "newName": f"registry.invalid/{name}", "newTag": "0.0.0", "digest": _NO_DIGEST}


def _copy(name: str, image: ImageRef) -> dict[str, str]:
    """A third-party image as the manifests have it."""
    pin = {"name": name, "newName": image.name, "newTag": image.tag, "digest": image.digest}
    return {key: text for key, text in pin.items() if text}


def _yaml(value: dict) -> str:
    key, _, rest = yaml.safe_dump(value, sort_keys=False, width=10**6).partition("\n")
    return f"{key}\n" + "".join(f"  {line}\n" for line in rest.splitlines())
