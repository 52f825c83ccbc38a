"""What kubectl prints: objects, their names, and why the API server refused."""

import json
import re

from aks_flow.core.command import Result

_REFUSAL = re.compile(r"^Error from server \((\w+)\)", re.MULTILINE)


def objects(text: str) -> list[dict]:
    """The objects of ``--output=json``: of one object itself, of several a List; none of an empty text."""
    if not text.strip():
        return []
    printed = json.loads(text)
    return printed["items"] if printed["kind"] == "List" else [printed]


def object_name(item: dict) -> str:
    """An object as ``--output=name`` calls it: deployment.apps/api, service/api."""
    group = item["apiVersion"].rpartition("/")[0]
    kind = f"{item['kind'].lower()}.{group}" if group else item["kind"].lower()
    return f"{kind}/{item['metadata']['name']}"


def refusal(answer: Result) -> str:
    """The API's reason for a failure, such as ``Conflict`` or ``NotFound``; "" if it gave none."""
    reason = _REFUSAL.search(answer.error_text)
    return reason[1] if reason else ""


def all_exist(answer: Result) -> bool:
    """Whether all that a `create` failed of was that objects are there already."""
    lines = [line for line in answer.error_text.splitlines() if not line.startswith("Warning:")]
    return bool(lines) and all(line.startswith("Error from server (AlreadyExists)") for line in lines)
