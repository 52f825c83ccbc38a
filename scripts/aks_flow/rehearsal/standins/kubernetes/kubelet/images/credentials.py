"""Registry credentials from image pull Secrets, and the node's own."""

import base64
import json
from pathlib import Path

OF_NODE = "registries.json"  # in the cluster's state: registry host -> {"username", "password"}


def for_host(secrets: list[dict], host: str) -> dict | None:
    """``{"username", "password"}`` for a registry, from the first Secret that has it."""
    for secret in secrets:
        for server, entry in _entries(secret).items():
            if _host(server) == host:
                return _login(entry)
    return None


def of_node(state: Path, host: str) -> dict | None:
    """What the node itself may present to a registry, as a kubelet's credential provider would say it."""
    try:
        return json.loads((state / OF_NODE).read_text()).get(host)
    except FileNotFoundError:
        return None


def _entries(secret: dict) -> dict:
    data = secret.get("data") or {}
    if text := data.get(".dockerconfigjson"):
        return _json(text).get("auths", {})
    return _json(data[".dockercfg"]) if data.get(".dockercfg") else {}


def _json(encoded: str) -> dict:
    try:
        return json.loads(base64.b64decode(encoded))
    except ValueError:
        return {}


def _host(server: str) -> str:
    return server.removeprefix("https://").removeprefix("http://").partition("/")[0]


def _login(entry: dict) -> dict:
    if "auth" not in entry:
        return {"username": entry.get("username", ""), "password": entry.get("password", "")}
    username, _, password = base64.b64decode(entry["auth"]).decode().partition(":")
    return {"username": username, "password": password}
