"""A hold: the file in an environment's folder that keeps automatic writes away."""

import yaml

FILE = "hold.yaml"


def write(reason: str) -> bytes:
    return yaml.safe_dump({"reason": reason}, allow_unicode=True).encode()


def read(content: bytes | None) -> str:
    """The reason, or "" without a hold. Whatever the file says, while it is there it holds."""
    if content is None:
        return ""
    try:
        data = yaml.safe_load(content)
    except (yaml.YAMLError, UnicodeDecodeError):
        data = None
    reason = data.get("reason") if isinstance(data, dict) else None
    return str(reason or "no reason is given")
