"""Faults that a commit can hold: texts in, texts out. Pure."""

from collections.abc import Callable

Edit = Callable[[str], str]


def container(**fields: str) -> Edit:
    """The front end's container with these fields; values are YAML."""
    return _beside("front", **fields)


def helper(image: str) -> Edit:
    """One more container in the front end's pods, of that image: their own images stay the delivery's."""
    return _beside("helper", image=image)


def _beside(name: str, **fields: str) -> Edit:
    lines = "".join(f"                {key}: {value}\n" for key, value in fields.items())
    template = "template:\n          spec:\n            containers:\n"
    return _patched("Deployment", "front", f"{template}              - name: {name}\n{lines}")


def no_redis() -> Edit:
    """Redis without a pod."""
    return _patched("StatefulSet", "redis", "replicas: 0\n")


def title(text: str) -> Edit:
    """A harmless change: of the page's title in front.env."""
    return lambda lines: (
        f"TITLE={text}\n"
        + "".join(line for line in lines.splitlines(keepends=True) if not line.startswith("TITLE="))
    )


def _patched(kind: str, name: str, spec: str) -> Edit:
    """One more patch in front of an overlay's own."""
    patch = f"""  - patch: |
      apiVersion: apps/v1
      kind: {kind}
      metadata: {{name: {name}}}
      spec:
        {spec}"""
    return lambda text: text.replace("patches:\n", f"patches:\n{patch}", 1)


CRASH = container(command='[sh, -c, "echo boom: cannot start; exit 3"]')
NEVER_READY = container(readinessProbe="{httpGet: {path: /nosuch, port: http}}")
