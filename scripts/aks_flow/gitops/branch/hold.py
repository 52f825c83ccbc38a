"""A hold: the file in an environment's folder that keeps automatic writes away."""

import yaml

from aks_flow.core import yaml_text

FILE = "hold.yaml"


def write(reason: str) -> bytes:
    return yaml.safe_dump({"reason": reason}, allow_unicode=True).encode()


def read(content: bytes | None) -> str:
    """The reason, or "" without a hold. Whatever the file says, while it is there it holds."""
    if content is None:
        return ""
    try:
        data = yaml_text.load(content)
    except yaml_text.NotYaml:
        data = None
    reason = data.get("reason") if isinstance(data, dict) else None
    return reason if isinstance(reason, str) and reason else "no reason is given"
