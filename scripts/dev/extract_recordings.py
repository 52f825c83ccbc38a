"""Turn a folder of recordings into the data of the conformance test.

    python -m dev.extract_recordings RECORDINGS [DESTINATION]

A recording is one kubectl command with its answer and every HTTP exchange behind it. Kept of each: the
command, its stdin, its answer, and of the exchanges the method, path, status and the body's kind and shape.
The manifests that the commands name are rebuilt from the recorded request bodies. The same recordings give
the same files.
"""

import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import yaml

from tests.e2e.conformance import shapes

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
RECORDED_OUTPUT_LIMIT = 20_000
DESTINATION = Path(__file__).parents[2] / "tests/e2e" / "conformance" / "data"


def main(recordings: Path, destination: Path = DESTINATION) -> None:
    records = {path.name: json.loads(path.read_text()) for path in sorted(recordings.glob("*.json"))}
    for name, text in manifests(records.values()).items():
        write(destination / "m" / name, text)
    for name, record in records.items():
        write(destination / "steps" / name, dumps(compact(record)))


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def dumps(value) -> str:
    """Readable, but an exchange in one line."""
    exchanges = value.get("http", ()) if isinstance(value, dict) else ()
    lines = ",\n  ".join(
        json.dumps(exchange, ensure_ascii=False, separators=(",", ":")) for exchange in exchanges
    )
    text = json.dumps(value | {"http": "<http>"} if exchanges else value, indent=1, ensure_ascii=False)
    return text.replace('"<http>"', f"[\n  {lines}\n ]") + "\n"


def compact(record: dict) -> dict:
    return {
        "command": record["command"],
        "stdin": record.get("stdin") or "",
        "exit": record["exit"],
        "stdout": output(record),
        "stderr": record["stderr"] or "",
        "http": [exchange(entry) for entry in record["http"] if not is_discovery(entry["path"])],
    }


def is_discovery(path: str) -> bool:
    """Discovery requests depend on what kubectl has in its cache; only they carry a timeout."""
    return "timeout" in parse_qs(urlsplit(path).query)


def exchange(entry: dict) -> list:
    """[line], or [line, kind, shape] if the answer is an object that was recorded whole."""
    line, body = f"{entry['method']} {entry['path']} {entry['status']}", entry["response"]
    if not isinstance(body, dict) or "kind" not in body:
        return [line]
    return [line, body["kind"], shapes.shape(body)]


def output(record: dict):
    """Stdout as text, as JSON where it is JSON, or as a list of JSON documents for several URLs."""
    text = record["stdout"] or ""
    if record["command"].startswith("curl"):
        return [entry["response"] for entry in record["http"]]
    if not text.startswith("{"):
        return text
    if len(text) < RECORDED_OUTPUT_LIMIT:
        return json.loads(text)
    return shown_by_kubectl(record["http"][-1]["response"])


def shown_by_kubectl(response: dict) -> dict:
    """What `kubectl get -o json` prints for a list, rebuilt where the recording of its output is cut."""
    kind = response["kind"].removesuffix("List")
    items = [{"apiVersion": response["apiVersion"], "kind": kind, **item} for item in response["items"]]
    for item in items:
        item["metadata"].pop("managedFields", None)
    return {"apiVersion": "v1", "items": items, "kind": "List", "metadata": {"resourceVersion": ""}}


def manifests(records: Iterable[dict]) -> dict[str, str]:
    """File name -> YAML, for each file that a command applies by name."""
    files = {}
    for record in records:
        for name in re.findall(r"apply -f m/(\S+)", record["command"]):
            files.setdefault(name, yaml.safe_dump_all(applied(record), sort_keys=False, width=200))
    return files


def applied(record: dict) -> list[dict]:
    """The objects that `kubectl apply` was given, read from its own annotation in the exchanges."""
    sent = [entry["request"] for entry in record["http"] if entry["request"]]
    bodies = sent or [entry["response"] for entry in record["http"]]
    annotations = [
        body.get("metadata", {}).get("annotations", {}) for body in bodies if isinstance(body, dict)
    ]
    objects = [json.loads(noted[LAST_APPLIED]) for noted in annotations if LAST_APPLIED in noted]
    return [as_written(obj) for obj in objects]


def as_written(obj: dict) -> dict:
    metadata = {key: value for key, value in obj["metadata"].items() if value != {}}
    return {key: metadata if key == "metadata" else value for key, value in obj.items()}


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
