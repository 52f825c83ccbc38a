"""Some of kubectl's commands as the requests that they make: those that a delivery repeats. Pure.

https://kubernetes.io/docs/reference/using-api/api-concepts/ has the paths and the queries.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from aks_flow.core.command import Command, Result
from aks_flow.core.runner import stdin_of
from aks_flow.tools.kubectl import kinds, raw

_LISTED = {  # as kubectl is given them -> plural, API version
    "secrets": kinds.NAMED["secret"],
    **{kinds.resource(kind): place for kind, place in kinds.WATCHED.items()},
}
_MERGE = "application/merge-patch+json"


@dataclass(frozen=True)
class ApiRequest:
    """path: with its query. body: of the type ``content``. seconds: without an answer; None: for ever."""

    method: str
    path: str
    body: bytes = field(default=b"", repr=False)  # there may be secrets in it
    content: str = "application/json"
    seconds: float | None = None


@dataclass(frozen=True)
class ApiAnswer:
    """status, headers: HTTP's."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes


@dataclass(frozen=True)
class Exchange:
    """requests: each of them is to succeed. result: of a kubectl that got these answers.

    may_lack: 404 is an answer, too.
    """

    requests: tuple[ApiRequest, ...]
    result: Callable[[Sequence[ApiAnswer]], Result]
    may_lack: bool = False

    @property
    def reads(self) -> bool:
        return all(request.method == "GET" for request in self.requests)


def exchange(command: Command) -> Exchange | None:
    """What the command exchanges with the server; None for one that only kubectl itself knows."""
    words = [word for word in command.argv[1:] if not word.startswith("--")]
    options = dict(word[2:].partition("=")[::2] for word in command.argv if word.startswith("--"))
    options.pop("context", None)
    if not (namespace := options.pop("namespace", "")):
        return None  # it is for the kubeconfig to say
    limit = options.pop("request-timeout", "").removesuffix("s")
    seconds = float(limit) if limit else None
    match words, sorted(options):
        case ["get"], ["raw"] | ["raw", "v"]:
            return _raw(options["raw"], int(options.get("v", 0)), seconds)
        case ["get", names], ["output"] | ["output", "selector"] if options["output"] == "json":
            return _lists(names.split(","), namespace, options.get("selector", ""), seconds)
        case ["get", kind, name], ["ignore-not-found", "output"] if options["output"] == "json":
            return _by_name(kind, name, namespace, seconds)
        case ["create" | "replace" as verb], ["filename"] | ["filename", "output"] if (
            options["filename"] == "-"
        ):
            return _written(verb, stdin_of(command), namespace, "output" in options, seconds)
        case ["annotate", kind, name, *notes], ["overwrite"]:
            return _annotated(kind, name, notes, namespace, seconds)
        case ["delete", kind, *names], ["ignore-not-found", "wait"] if options["wait"] == "false":
            return _deleted(kind, names, namespace, seconds)
    return None


def _raw(path: str, verbosity: int, seconds: float | None) -> Exchange:
    def result(answers: Sequence[ApiAnswer]) -> Result:
        (answer,) = answers
        return Result(0, answer.body, _logged(answer, verbosity).encode())

    return Exchange((ApiRequest("GET", path, seconds=seconds),), result)


def _logged(answer: ApiAnswer, verbosity: int) -> str:
    """What kubectl logs of it, as far as `raw` reads that: the status from 6 on, the headers from 8 on."""
    status = [f'"Response" status="{answer.status}"'] if verbosity >= 6 else []
    headers = [f"\t{name}: {value}" for name, value in answer.headers] if verbosity >= 8 else []
    return "\n".join([*status, *headers])


def _lists(names: list[str], namespace: str, selector: str, seconds: float | None) -> Exchange | None:
    if not set(names) <= set(_LISTED):
        return None
    query = "?" + urlencode({"labelSelector": selector}) if selector else ""
    paths = [raw.objects_path(namespace, *_LISTED[name]) + query for name in names]
    return Exchange(tuple(ApiRequest("GET", path, seconds=seconds) for path in paths), _one_list)


def _one_list(answers: Sequence[ApiAnswer]) -> Result:
    items = [item for answer in answers for item in _items(json.loads(answer.body))]
    return Result(0, json.dumps({"apiVersion": "v1", "kind": "List", "items": items}).encode(), b"")


def _items(listed: dict) -> list[dict]:
    """A list's objects: the server names their kind once for all."""
    about = {"apiVersion": listed["apiVersion"], "kind": listed["kind"].removesuffix("List")}
    return [{**about, **_shown(item)} for item in listed["items"] or []]


def _shown(item: dict) -> dict:
    """The object as kubectl prints it: without its fields' owners."""
    item["metadata"].pop("managedFields", None)
    return item


def _by_name(kind: str, name: str, namespace: str, seconds: float | None) -> Exchange | None:
    if kind not in kinds.NAMED:
        return None
    path = f"{_path(kind, namespace)}/{quote(name)}"
    return Exchange((ApiRequest("GET", path, seconds=seconds),), _object, may_lack=True)


def _object(answers: Sequence[ApiAnswer]) -> Result:
    (answer,) = answers
    text = json.dumps(_shown(json.loads(answer.body))) if answer.status != 404 else ""
    return Result(0, text.encode(), b"")


def _written(verb: str, text: bytes, namespace: str, shows: bool, seconds: float | None) -> Exchange | None:
    """One object in JSON, as kubectl's `create` and `replace` send it."""
    try:
        item = json.loads(text)
        path, name = _path(item["kind"].lower(), namespace), quote(item["metadata"]["name"])
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    query = urlencode({"fieldManager": f"kubectl-{verb}", "fieldValidation": "Strict"})
    method, path = ("POST", path) if verb == "create" else ("PUT", f"{path}/{name}")
    written = ApiRequest(method, f"{path}?{query}", text, seconds=seconds)
    return Exchange((written,), _object if shows else _silent)


def _annotated(
    kind: str, name: str, notes: list[str], namespace: str, seconds: float | None
) -> Exchange | None:
    if kind not in kinds.NAMED or not all("=" in note for note in notes):
        return None
    annotations = dict(note.split("=", 1) for note in notes)
    body = json.dumps({"metadata": {"annotations": annotations}}).encode()
    path = f"{_path(kind, namespace)}/{quote(name)}?fieldManager=kubectl-annotate"
    return Exchange((ApiRequest("PATCH", path, body, _MERGE, seconds),), _silent)


def _deleted(kind: str, names: list[str], namespace: str, seconds: float | None) -> Exchange | None:
    if kind not in kinds.NAMED:
        return None
    body = json.dumps({"propagationPolicy": "Background"}).encode()
    paths = [f"{_path(kind, namespace)}/{quote(name)}" for name in names]
    requests = tuple(ApiRequest("DELETE", path, body, seconds=seconds) for path in paths)
    return Exchange(requests, _silent, may_lack=True)


def _silent(_: Sequence[ApiAnswer]) -> Result:
    return Result(0, b"", b"")


def _path(kind: str, namespace: str) -> str:
    return raw.objects_path(namespace, *kinds.NAMED[kind])
