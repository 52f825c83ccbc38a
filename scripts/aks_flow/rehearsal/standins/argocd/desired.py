"""What git wants of an Application: a commit's objects, rendered once."""

from dataclasses import dataclass, field
from pathlib import Path

from aks_flow.rehearsal.standins.argocd import hooks, target_objects
from aks_flow.rehearsal.standins.argocd.context import ControllerContext
from aks_flow.rehearsal.standins.argocd.rendering import render
from aks_flow.rehearsal.standins.argocd.repository import SourceError

_KEPT = 4  # commits
_ATTEMPTS = 3  # at rendering a commit; Argo CD then remembers the error, for an hour


@dataclass(frozen=True)
class Rendered:
    """``hooks``: the objects that are hooks and nothing else. warnings: conditions' (type, message)."""

    source_type: str
    objects: list[dict]
    hooks: list[dict] = field(default_factory=list)
    warnings: tuple[tuple[str, str], ...] = ()


class Desired:
    """Of one Application; the newest few commits are remembered."""

    def __init__(self, context: ControllerContext, name: str):
        self._context, self._name = context, name
        self._rendered: dict[tuple, Rendered] = {}
        self._failed: dict[tuple, list[str]] = {}  # of the commit that failed last

    def forget(self) -> None:
        self._rendered.clear()
        self._failed.clear()

    async def at(self, source: dict, destination: dict, commit: str) -> Rendered:
        """SourceError if the commit's manifests cannot be had."""
        key = (source["repoURL"], source["path"], str(source.get("directory")), str(destination), commit)
        if key not in self._rendered:
            self._rendered[key] = await self._render(source, destination, commit, key)
            for old in list(self._rendered)[:-_KEPT]:
                del self._rendered[old]
        return self._rendered[key]

    async def _render(self, source: dict, destination: dict, commit: str, key: tuple) -> Rendered:
        async with self._context.repositories.files(source["repoURL"], commit) as root:
            source_type, objects = await self._generate(root, source, key)
        cluster_wide = {id(item) for item in objects if not await self._namespaced(item, objects)}
        ready = target_objects.prepare(
            objects,
            self._name,
            destination.get("namespace", ""),
            lambda item: id(item) not in cluster_wide,
        )
        admitted, warnings = target_objects.admit(ready)
        made = [item for item in admitted if hooks.is_hook(item)]
        ordinary = [item for item in admitted if not hooks.is_hook(item)]
        return Rendered(source_type, ordinary, made, warnings)

    async def _generate(self, root: Path, source: dict, key: tuple) -> tuple[str, list[dict]]:
        errors = self._failed.get(key, [])
        if len(errors) >= _ATTEMPTS:
            raise SourceError(f"Manifest generation error (cached): {errors[-1]}")
        try:
            return await render(self._context.programs, root, source)
        except SourceError as error:
            self._failed = {key: [*errors, str(error)]}
            raise

    async def _namespaced(self, item: dict, objects: list[dict]) -> bool:
        """By the API, or by a definition that comes along. A kind nobody knows counts as namespaced."""
        served = await self._context.api.is_namespaced(item["apiVersion"], item["kind"])
        if served is not None:
            return served
        definitions = (other["spec"] for other in objects if other["kind"] == "CustomResourceDefinition")
        return all(
            spec["names"]["kind"] != item["kind"] or spec["scope"] == "Namespaced" for spec in definitions
        )
