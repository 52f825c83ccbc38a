"""Objects -> the cluster, with ``kubectl apply``; what became of each."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from aks_flow.core.command import Command
from aks_flow.rehearsal.standins.argocd import object_refs
from aks_flow.rehearsal.standins.argocd.object_refs import Ref
from aks_flow.rehearsal.standins.argocd.programs import Programs
from aks_flow.tools.kubectl import Kubectl, resources
from aks_flow.tools.kubectl.apply import client_dry_run, manifest


@dataclass(frozen=True)
class Applied:
    """``message``: kubectl's line about the object, or why it was refused."""

    item: dict
    done: bool
    message: str

    @property
    def ref(self) -> Ref:
        return object_refs.of(self.item)


async def validate(programs: Programs, kubectl: Kubectl, items: list[dict]) -> list[Applied]:
    """Whether kubectl understands every object; like Argo CD it does not ask what the server would refuse."""
    return await _apply(programs, kubectl, client_dry_run, items)


async def apply(programs: Programs, kubectl: Kubectl, items: list[dict]) -> list[Applied]:
    return await _apply(programs, kubectl, manifest, items)


async def _apply(
    programs: Programs, kubectl: Kubectl, build: Callable[[Kubectl, str], Command], items: list[dict]
) -> list[Applied]:
    if not items:
        return []
    answer = await programs(build(kubectl, resources.manifest(items)))
    return outcomes(items, answer.text, answer.error_text)


def outcomes(items: list[dict], output: str, errors: str) -> list[Applied]:
    """kubectl's lines, each given to the object that it is about; an object without one was refused."""
    lines = defaultdict(list)
    for line in output.splitlines():
        lines[line.partition(" ")[0]].append(line)
    said = [line for line in errors.splitlines() if line and not line.startswith("Warning:")]
    return [_outcome(item, lines[_printed(item)], said) for item in items]


def _outcome(item: dict, lines: list[str], errors: list[str]) -> Applied:
    if lines:
        return Applied(item, True, lines.pop(0))
    name = item["metadata"]["name"]
    about = [line for line in errors if f'"{name}"' in line or f"/{name}" in line]
    return Applied(item, False, "\n".join(about or errors) or f"kubectl says nothing about {name}")


def _printed(item: dict) -> str:
    """``deployment.apps/web``"""
    group = object_refs.group(item)
    kind = f"{item['kind'].lower()}.{group}" if group else item["kind"].lower()
    return f"{kind}/{item['metadata']['name']}"
