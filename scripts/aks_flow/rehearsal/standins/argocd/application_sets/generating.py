"""The Applications that an ApplicationSet wants for pull requests. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping

from aks_flow.rehearsal.standins.argocd import names

_KEPT = (names.REFRESH, names.NOTIFIED)  # annotations that stay, whoever set them
_VALUE = re.compile(r"\{\{\s*\.(\w+)\s*\}\}")
_TAKEN_OVER = ("annotations", "finalizers", "labels")
_DECIDED = (*_TAKEN_OVER, "ownerReferences")


class TemplateError(Exception):
    """A template that cannot be filled in."""


def wanted(application_set: dict, requests: Iterable[dict]) -> list[dict]:
    """An Application for each request, as it is to be; TemplateError."""
    return [_application(application_set, _parameters(request)) for request in requests]


def with_labels(requests: Iterable[dict], labels: Iterable[str]) -> Iterator[dict]:
    """Those that have all the labels."""
    for request in requests:
        if {label["name"] for label in request["labels"]}.issuperset(labels):
            yield request


def _parameters(request: dict) -> dict[str, str]:
    head = request["head"]["sha"]
    return {
        "number": str(request["number"]),
        "title": request["title"],
        "branch": request["head"]["ref"],
        "target_branch": request["base"]["ref"],
        "head_sha": head,
        "head_short_sha": head[:8],
        "head_short_sha_7": head[:7],
    }


def _application(application_set: dict, parameters: Mapping[str, str]) -> dict:
    own, template = application_set["metadata"], _filled(application_set["spec"]["template"], parameters)
    metadata = template["metadata"]
    taken = {key: metadata[key] for key in _TAKEN_OVER if metadata.get(key)}
    owner = {
        "apiVersion": names.API_VERSION,
        "kind": "ApplicationSet",
        "name": own["name"],
        "uid": own["uid"],
    }
    marks = {
        "finalizers": [names.CASCADE],
        **taken,
        "ownerReferences": [owner | {"controller": True, "blockOwnerDeletion": True}],
    }
    return {
        "apiVersion": names.API_VERSION,
        "kind": "Application",
        "metadata": {"name": metadata.get("name", ""), "namespace": own["namespace"], **marks},
        "spec": template["spec"],
    }


def _filled(part: object, parameters: Mapping[str, str]) -> object:
    """Every text of the template, each by itself."""
    if isinstance(part, dict):
        return {key: _filled(value, parameters) for key, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, parameters) for value in part]
    return _text(part, parameters) if isinstance(part, str) else part


def _text(text: str, parameters: Mapping[str, str]) -> str:
    if "{{" in _VALUE.sub("", text):
        raise TemplateError(
            f"the rehearsal does not offer this: {text}; it fills in {{{{.number}}}} and the like"
        )

    def value(match: re.Match) -> str:
        if match[1] not in parameters:
            what = f'map has no entry for key "{match[1]}"; the rehearsal has {", ".join(parameters)}'
            raise TemplateError(f"failed to execute go template {text}: {what}")
        return parameters[match[1]]

    return _VALUE.sub(value, text)


def taken_over(live: dict, application: dict) -> dict:
    """The Application with the annotations of the live one that stay."""
    metadata = application["metadata"]
    before = live["metadata"].get("annotations") or {}
    kept = {key: before[key] for key in _KEPT if key in before}
    annotations = {**metadata.get("annotations", {}), **kept}
    return application | {"metadata": metadata | ({"annotations": annotations} if annotations else {})}


def decided(application: dict) -> dict:
    """What an ApplicationSet decides of an Application."""
    metadata = application["metadata"]
    marks = {key: metadata[key] for key in _DECIDED if metadata.get(key)}
    return {"metadata": marks, "spec": application["spec"]}


def owner_of(application: dict) -> str:
    """The uid of whoever controls it, "" for nobody."""
    references = application["metadata"].get("ownerReferences") or ()
    return next((reference["uid"] for reference in references if reference.get("controller")), "")
