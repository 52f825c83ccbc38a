"""What an Application may ask of Argo CD and not of the rehearsal: that is said, and nothing done. Pure."""

from collections.abc import Iterable, Iterator

from aks_flow.rehearsal.standins.argocd import hooks, names, object_refs

OPTIONS = ("CreateNamespace=", "FailOnSharedResource=", "PruneLast=")  # that have an effect here
_SOURCE = ("chart", "helm", "kustomize", "plugin", "ref")
_SPEC = ("ignoreDifferences", "sourceHydrator", "sources")
_POLICY = ("managedNamespaceMetadata",)
_PAUSED = "argocd.argoproj.io/skip-reconcile"
_OF_OBJECTS = {  # an object's annotation -> what counts here
    names.SYNC_OPTIONS: ("Prune=", "PruneLast=", "Delete="),
    names.COMPARE_OPTIONS: ("IgnoreExtraneous",),
    names.HOOK: (*hooks.PHASES, hooks.SYNC_FAIL, hooks.SKIP),
}
_PROJECT = ("signatureKeys", "sourceIntegrity", "syncWindows")


def faults(project: dict | None, application: dict) -> list[str]:
    """A sentence for each annotation, field and option that has no effect here.

    One that only spares a look, as ``manifest-generate-paths``, asks for nothing.
    """
    given = application.get("metadata", {}).get("annotations") or {}
    named = [_PAUSED] if _PAUSED in given else []
    asked = [*named, *_of_application(application["spec"]), *_of_project((project or {}).get("spec") or {})]
    return [f"the rehearsal does not offer this: {name}" for name in asked]


def of_objects(objects: Iterable[dict]) -> list[str]:
    """The same of what a commit's objects ask for by their annotations."""
    return [
        f"the rehearsal does not offer this: {option} of {item['kind']}/{object_refs.of(item).name}"
        for item in objects
        for annotation, offered in _OF_OBJECTS.items()
        for option in sorted(object_refs.options(item, annotation))
        if not option.startswith(offered)
    ]


def _of_application(spec: dict) -> Iterator[str]:
    source, policy = spec.get("source") or {}, spec.get("syncPolicy") or {}
    folder = (source.get("directory") or {}).keys() - {"recurse"}
    yield from (f"spec.{name}" for name in _SPEC if spec.get(name))
    yield from (f"spec.source.{name}" for name in _SOURCE if source.get(name))
    yield from (f"spec.source.directory.{name}" for name in sorted(folder))
    yield from (f"spec.syncPolicy.{name}" for name in _POLICY if policy.get(name))
    yield from (option for option in policy.get("syncOptions") or () if not option.startswith(OPTIONS))


def _of_project(spec: dict) -> Iterator[str]:
    yield from (f"{name} of the AppProject" for name in _PROJECT if spec.get(name))
