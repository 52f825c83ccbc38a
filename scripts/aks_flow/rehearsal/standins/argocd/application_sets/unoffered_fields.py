"""What an ApplicationSet may ask of Argo CD and not of the rehearsal. Pure."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

_SPEC = ("generators", "goTemplate", "goTemplateOptions", "template")
_GENERATOR = ("pullRequest",)
_PULL_REQUEST = ("github", "requeueAfterSeconds")
_GITHUB = ("api", "labels", "owner", "repo", "tokenRef")
_STRICT = ["missingkey=error"]


def faults(application_set: dict, host: str) -> list[str]:
    """A sentence for each field that has no effect here. host: of the GitHub that is asked."""
    spec = application_set["spec"]
    named = [*_others("spec", spec, _SPEC), *_of_templates(spec)]
    for number, generator in enumerate(spec["generators"]):
        named += _of_generator(f"spec.generators[{number}]", generator, host)
    return [f"the rehearsal does not offer this: {name}" for name in named]


def _of_templates(spec: dict) -> Iterator[str]:
    if not spec.get("goTemplate"):
        yield "spec.goTemplate: false"
    elif spec.get("goTemplateOptions") != _STRICT:
        yield f"spec.goTemplateOptions that are not {_STRICT}"


def _of_generator(path: str, generator: dict, host: str) -> Iterator[str]:
    asked = generator.get("pullRequest") or {}
    yield from _others(path, generator, _GENERATOR)
    yield from _others(f"{path}.pullRequest", asked, _PULL_REQUEST)
    if "github" in asked:
        yield from _of_github(f"{path}.pullRequest.github", asked["github"], host)


def _of_github(path: str, github: dict, host: str) -> Iterator[str]:
    yield from _others(path, github, _GITHUB)
    if urlsplit(github.get("api") or "").hostname != host:
        yield f"{path}.api of another GitHub than https://{host}/"


def _others(path: str, given: dict, known: Iterable[str]) -> Iterator[str]:
    yield from (f"{path}.{name}" for name in sorted(given.keys() - set(known)) if given[name])
