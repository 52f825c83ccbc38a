"""invoke.yaml: aks-flow's own with its comments, and a project's values instead of the sample's."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from aks_flow.adopt.answers import Answers, BuiltImage, NewEnvironment, OtherImage
from aks_flow.adopt.content.manifests import usual_overlay
from aks_flow.core.config.checks import RESTRICTED
from aks_flow.core.config.render import HELM, KUSTOMIZE
from aks_flow.manifests.yaml_edit.fields import set_scalar

TEMPLATE = Path(__file__).parents[1] / "templates" / "invoke.yaml"
_KEY = re.compile(r"(?P<key>\w+):")
_CHANGE = re.compile(r"^  change: .*$", re.MULTILINE)
_AWAY = re.compile(r"^  away: \w+( +#)", re.MULTILINE)
_HEAD = (
    "# Every key can be overridden from the environment: INVOKE_TARGET=cluster, and so on.\n"
    "# An unknown key is an error. docs/… are pages of aks-flow.\n"
)


def configuration(answers: Answers) -> str:
    """The whole file. What does not depend on the answers is as the template has it."""
    own = {
        "app": _app(answers),
        "images": _block("images", [_other(image) for image in answers.others]),
        "environments": _block(
            "environments", [_environment(answers.layout.folder, item) for item in answers.environments]
        ),
        "branches": f"branches: {_flow(answers.branches)}\n",
        "contract": _contract(answers),
        "smoke": _list("smoke", [{"path": answers.answering.path}] if _is_asked(answers) else []),
        "secrets": _block("secrets", _secrets(answers)),
        "checks": f"checks:\n  policy: {RESTRICTED}\n  {_list('accept', _accepted(answers), '  ')}",
        "lint": _list("lint", list(answers.lint)),
        "test": _block("test", [("unit", list(answers.test))] if answers.test else []),
    }
    template = sections(TEMPLATE.read_text())
    own["rehearsal"] = _rehearsal(answers, next(body for key, _, body in template if key == "rehearsal"))
    parts = [f"{comment}{own.get(key, body)}" for key, comment, body in template]
    return _with_names(_HEAD + "\n" + "\n".join(parts), answers)


def sections(text: str) -> list[tuple[str, str, str]]:
    """(key, the comment above it, the key with its value) of each top-level key, without blank lines."""
    result: list[tuple[str, str, str]] = []
    comment: list[str] = []
    for line in text.splitlines(keepends=True):
        if match := _KEY.match(line):
            result.append((match["key"], "".join(comment), line))
            comment = []
        elif line.startswith("#"):
            comment.append(line)
        elif line.startswith(" ") and result:
            key, above, body = result.pop()
            result.append((key, above, body + line))
        elif not line.strip():
            comment = []
    return result


def _with_names(text: str, answers: Answers) -> str:
    """Single values: what `azure.up` makes is called as the project, Argo CD's folder stands if unusual."""
    is_usual = answers.layout.kind == KUSTOMIZE
    values = {
        "checks.policy": answers.policy,
        "azure.group": answers.name,
        "azure.cluster.name": answers.name,
        "gitops.applications": "" if is_usual else answers.applications,
    }
    for path, value in values.items():
        text = set_scalar(text, path, value, where="invoke.yaml")
    return text.replace("production-undo: undo", f"{answers.environments[-1].name}-undo: undo")


def _app(answers: Answers) -> str:
    lines = [
        "app:",
        f"  name: {answers.answering.deployment}   # the Deployment or StatefulSet that answers",
        f"  manifests: {_flow(answers.layout.folder)}   # what environments are made of",
        f"  render: {_flow(_render(answers))}   # docs/manifests.md",
        "  # What is built here, by its name in the registry; the first stands for all. docs/deliveries.md",
        "  images:",
        *(f"    {_flow(image.name)}: {_flow(_built(image))}" for image in answers.built),
        "  # platforms: [linux/amd64, linux/arm64]   # empty: the builder's own; docs/deliveries.md",
        "  # attest: buildkit   # its provenance and SBOM beside the images",
    ]
    return "\n".join(lines) + "\n"


def _render(answers: Answers) -> dict[str, Any]:
    layout = answers.layout
    if layout.kind != HELM:
        return {"kind": layout.kind}
    keys = {image.name: image.key for image in (*answers.built, *answers.others) if image.key}
    release = "" if layout.release == answers.answering.deployment else layout.release
    return _without_empty({"kind": HELM, "chart": layout.base, "release": release, "images": keys})


def _built(image: BuiltImage) -> dict[str, Any]:
    file = image.dockerfile
    where = {"context": file.context, "dockerfile": file.in_context, "target": file.target}
    return _without_empty(where | {"args": image.bases})


def entry(image: OtherImage) -> str:
    """An image of others as it stands in `images`."""
    name, values = _other(image)
    return f"{_flow(name)}: {_flow(values)}"


def _other(image: OtherImage) -> tuple[str, dict[str, Any]]:
    return image.name, _without_empty({"source": image.source, "packages": list(image.packages)})


def _environment(folder: str, environment: NewEnvironment) -> tuple[str, dict[str, Any]]:
    usual = usual_overlay(folder, environment.name)
    return environment.name, _without_empty(
        {
            "namespace": environment.namespace,
            "admits": environment.admits,
            "branches": list(environment.branches),
            "overlay": "" if environment.overlay == usual else environment.overlay,
            "values": list(environment.values),
        }
    )


def _contract(answers: Answers) -> str:
    asked, version = answers.answering, {"path": answers.version_path, "key": "version"}
    told = version if answers.version_path and asked.service else {}
    port = "" if asked.port == "" else asked.port
    return (
        "contract:\n"
        f"  service: {_flow(asked.service)}   # the Service that is asked; needed for `version` and `smoke`\n"
        f"  port: {_flow(port)}   # its port, by name or number; empty: the one without a name\n"
        "  # How the app tells its version: {path: /version, key: version} (of the answer's JSON), or\n"
        "  # {path: /, header: X-Version}; {}: it tells none.\n"
        f"  version: {_flow(told)}\n"
    )


def _rehearsal(answers: Answers, body: str) -> str:
    """The section with the line that a rehearsal changes; without what a person knows, who has to say it."""
    change = vars(answers.change) if answers.change else {}
    body = _AWAY.sub(r'  away: ""\1', body)
    return _CHANGE.sub(lambda _: f"  change: {_flow(_without_empty(change))}", body)


def _is_asked(answers: Answers) -> bool:
    return bool(answers.answering.service and answers.answering.path)


def _secrets(answers: Answers) -> list[tuple[str, dict[str, Any]]]:
    return [
        (name, {"keys": list(secret.keys), "from": secret.source}) for name, secret in answers.secrets.items()
    ]


def _block(key: str, entries: Iterable[tuple[str, Any]]) -> str:
    lines = [f"  {_flow(name)}: {_flow(value)}\n" for name, value in entries]
    return f"{key}:\n{''.join(lines)}" if lines else f"{key}: {{}}\n"


def _accepted(answers: Answers) -> list[dict[str, str]]:
    return [vars(rule) for rule in answers.accepted]


def _list(key: str, items: list[Any], indent: str = "") -> str:
    lines = [f"{indent}  - {_flow(item)}\n" for item in items]
    return f"{key}:\n{''.join(lines)}" if lines else f"{key}: []\n"


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in ("", [], {})}


def _flow(value: Any) -> str:
    """In one line."""
    text = yaml.safe_dump([value], default_flow_style=True, sort_keys=False, width=10**6, allow_unicode=True)
    return text.strip()[1:-1]
