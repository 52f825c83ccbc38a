"""What kubectl prints: objects, their names, and why the API server refused."""

import json
import re
from collections.abc import Iterable

from aks_flow.core.command import Result
from aks_flow.core.reading import reads

_REFUSAL = re.compile(r"^Error from server \((\w+)\)", re.MULTILINE)
_CHANGES = ("ADDED", "MODIFIED", "DELETED")


@reads("kubectl", private=True)
def objects(text: str) -> list[dict]:
    """The objects of ``--output=json``: of one object itself, of several a List; none of an empty text."""
    if not text.strip():
        return []
    printed = json.loads(text)
    return [_object(item) for item in (printed["items"] if printed["kind"] == "List" else [printed])]


@reads("kubectl", private=True)
def only(text: str) -> dict:
    """The object of ``--output=json`` for one."""
    (item,) = objects(text)
    return item


@reads("kubectl", private=True)
def event(line: bytes) -> tuple[str, dict]:
    """A line of a watch: the event's type, and its object; with some types it has no name."""
    told = json.loads(line)
    return told["type"], _object(told["object"]) if told["type"] in _CHANGES else told["object"]


def _object(item: dict) -> dict:
    """LookupError or TypeError for what is no object of Kubernetes'."""
    if not (isinstance(item.get("kind", ""), str) and isinstance(item["metadata"]["name"], str)):
        raise TypeError("no object")
    return item


def object_name(item: dict) -> str:
    """An object as ``--output=name`` calls it: deployment.apps/api, service/api."""
    group = item["apiVersion"].rpartition("/")[0]
    kind = f"{item['kind'].lower()}.{group}" if group else item["kind"].lower()
    return f"{kind}/{item['metadata']['name']}"


def pairs(objects: Iterable[dict], live: Iterable[dict]) -> list[tuple[dict, dict]]:
    """Each of a manifest's objects that is there, with the same one as the cluster has it."""
    present = {object_name(item): item for item in live}
    return [(item, present[name]) for item in objects if (name := object_name(item)) in present]


def refusal(answer: Result) -> str:
    """The API's reason for a failure, such as ``Conflict`` or ``NotFound``; "" if it gave none."""
    reason = _REFUSAL.search(answer.error_text)
    return reason[1] if reason else ""


def all_exist(answer: Result) -> bool:
    """Whether all that a `create` failed of was that objects are there already."""
    lines = [line for line in answer.error_text.splitlines() if not line.startswith("Warning:")]
    return bool(lines) and all(line.startswith("Error from server (AlreadyExists)") for line in lines)
