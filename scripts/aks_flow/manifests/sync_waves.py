"""In which order a manifest's objects go to a cluster, which run first and to their end, which stay. Pure.

Order is data of the manifests, in the words that Argo CD reads too, so that both paths honour the same:
https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
A chart's hooks are read as Argo CD reads them, where an object has no words of Argo CD's own:
https://argo-cd.readthedocs.io/en/stable/user-guide/helm/#helm-hooks
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from aks_flow.core.errors import AksFlowError

WAVE = "argocd.argoproj.io/sync-wave"
HOOK = "argocd.argoproj.io/hook"
DELETE_POLICY = "argocd.argoproj.io/hook-delete-policy"
SYNC_OPTIONS = "argocd.argoproj.io/sync-options"
NOT_PRUNED, CONFIRMED = "Prune=false", "Prune=confirm"
UNPRUNED_KINDS = (  # a commit that forgets one leaves it in the cluster, unless the object says otherwise
    "CustomResourceDefinition",
    "Namespace",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "StatefulSet",
)
PRE_SYNC, POST_SYNC, SKIP = "PreSync", "PostSync", "Skip"  # the last: no path applies it
_RUN = frozenset({PRE_SYNC, POST_SYNC})
HELM_HOOK, HELM_WEIGHT, HELM_POLICY = "helm.sh/hook", "helm.sh/hook-weight", "helm.sh/hook-delete-policy"
_HELM_PHASES = {
    "pre-install": PRE_SYNC,
    "pre-upgrade": PRE_SYNC,
    "post-install": POST_SYNC,
    "post-upgrade": POST_SYNC,
}
_HELM_POLICIES = {
    "before-hook-creation": "BeforeHookCreation",
    "hook-succeeded": "HookSucceeded",
    "hook-failed": "HookFailed",
}
_NO_HOOK = "crd-install"  # Helm's old word for a definition that is delivered


@dataclass(frozen=True)
class ManifestDocument:
    """One object of a manifest: its text as it was rendered, and what that means."""

    text: str
    object: dict

    @property
    def ref(self) -> str:
        """kind/name, or the beginning of a name that the server makes."""
        metadata = self.object["metadata"]
        return f"{self.object['kind'].lower()}/{metadata.get('name') or metadata.get('generateName', '')}"

    @property
    def phases(self) -> list[str]:
        """When it runs as a hook; empty if it is delivered. Helm's words that Argo CD does not know stay."""
        helm = (_HELM_PHASES.get(word, word) for word in self._words(HELM_HOOK) if word != _NO_HOOK)
        return self._words(HOOK) or list(dict.fromkeys(helm))

    @property
    def policies(self) -> frozenset[str]:
        """A hook's delete policies, such as HookSucceeded."""
        helm = (_HELM_POLICIES.get(word, word) for word in self._words(HELM_POLICY))
        return frozenset([*self._words(DELETE_POLICY), *helm])

    @property
    def wave(self) -> int:
        key = WAVE if self._annotation(WAVE) else HELM_WEIGHT
        text = self._annotation(key) or "0"
        try:
            return int(text)
        except ValueError as error:
            step = f"Correct the annotation {key}."
            raise AksFlowError(f"a wave is a number, not {text!r}", where=self.ref, next_step=step) from error

    def _words(self, key: str) -> list[str]:
        return [word.strip() for word in self._annotation(key).split(",") if word.strip()]

    def _annotation(self, key: str) -> str:
        return (self.object["metadata"].get("annotations") or {}).get(key, "")


def prune_option(annotations: Mapping[str, str] | None) -> str:
    """What an object says of its removal, such as ``Prune=false``; "" if it says nothing."""
    options = (option.strip() for option in (annotations or {}).get(SYNC_OPTIONS, "").split(","))
    return next((option for option in options if option.startswith("Prune=")), "")


@dataclass(frozen=True)
class Wave:
    """What goes to the cluster together, in its order; the next wave waits for its being well."""

    number: int
    documents: tuple[ManifestDocument, ...]

    @property
    def manifest(self) -> str:
        return together(self.documents)


@dataclass(frozen=True)
class Order:
    """before: hooks that run to their end before anything else. waves: what is delivered, lowest first.

    after: hooks that run to their end when all of that is healthy.
    left_out: hooks of phases that a delivery with kubectl does not have.
    """

    before: tuple[Wave, ...]
    waves: tuple[Wave, ...]
    after: tuple[Wave, ...] = ()
    left_out: tuple[ManifestDocument, ...] = ()


def order(documents: Iterable[ManifestDocument]) -> Order:
    """AksFlowError for a wave that is no number, and for a hook whose end nobody could see."""
    documents = list(documents)
    before = [document for document in documents if PRE_SYNC in document.phases]
    after = [document for document in documents if POST_SYNC in document.phases]
    for document in (*before, *after):
        if document.object["kind"] == "Pod":
            step = "Make it a Job."
            raise AksFlowError("a hook that runs is a Job, not a Pod", where=document.ref, next_step=step)
    plain = [document for document in documents if not document.phases]
    left_out = tuple(
        document for document in documents if document.phases and not _RUN.intersection(document.phases)
    )
    return Order(_waves(before), _waves(plain), _waves(after), left_out)


def together(documents: Iterable[ManifestDocument]) -> str:
    """A manifest of these documents, every one as it was."""
    return "---\n".join(document.text for document in documents)


def _waves(documents: list[ManifestDocument]) -> tuple[Wave, ...]:
    rising = sorted(documents, key=lambda document: document.wave)
    return tuple(
        Wave(number, tuple(group)) for number, group in groupby(rising, key=lambda document: document.wave)
    )
