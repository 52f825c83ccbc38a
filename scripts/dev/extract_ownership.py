"""Turn a folder of recordings into the data of the ownership tests: writes, and the managedFields they left.

    python -m dev.extract_ownership RECORDINGS

A case is a write, with the object as it was seen last before it; null if there was none.
"""

import json
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

TARGET = Path(__file__).parents[2] / "tests/unit/rehearsal/standins/kubernetes/data/ownership_recorded.json"


def cases(recordings: Path) -> list[dict]:
    recorded, seen = [], {}
    for file in sorted(recordings.glob("*.json")):
        for entry in json.loads(file.read_text())["http"]:
            path = urlsplit(entry["path"]).path
            if entry["method"] == "GET" and entry["status"] == 200:
                seen[path] = entry["response"]
            elif is_write(entry):
                recorded.append(case(file.stem, entry, path, seen))
    return recorded


def is_write(entry: dict) -> bool:
    response = entry["response"]
    signed = isinstance(response, dict) and response.get("metadata", {}).get("managedFields")
    refused = isinstance(response, dict) and "conflict" in str(response.get("message"))
    return bool(signed or refused) and entry["method"] in ("POST", "PATCH")


def case(step: str, entry: dict, path: str, seen: dict) -> dict:
    query, response = parse_qs(urlsplit(entry["path"]).query), entry["response"]
    before = seen.get(path) if entry["method"] == "PATCH" else None
    if entry["status"] < 300:
        name = path if entry["method"] == "PATCH" else f"{path}/{response['metadata']['name']}"
        if "dryRun" not in query:
            seen[name] = response
    kind = path.removesuffix(f"/{response['metadata'].get('name')}").rpartition("/")[2]
    return {
        "name": f"{step} {kind}",
        "before": before,
        "method": entry["method"],
        "path": entry["path"],
        "content_type": entry["content_type"],
        "request": entry["request"],
        "status": entry["status"],
        "managed": response["metadata"].get("managedFields"),
        "message": response.get("message", ""),
    }


if __name__ == "__main__":
    lines = (json.dumps(item, ensure_ascii=False) for item in cases(Path(sys.argv[1])))
    TARGET.write_text("[\n" + ",\n".join(lines) + "\n]\n")
