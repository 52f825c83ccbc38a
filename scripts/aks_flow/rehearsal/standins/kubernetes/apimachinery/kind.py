"""A kind of object as a value, and a registry of kinds that CRDs add to at run time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Kind:
    """One kind, as discovery names it.

    group: "" for the core group. plural: the resource name in paths.
    subresources: "status", "scale", … that the API serves.
    generation: which changes count: "" (not kept), "spec", or "spec+annotations" (Deployment).
    deprecation: what the server warns of at every use.
    idle: what does not happen, for a kind that is only stored; who writes one is told.
    otherwise: how a kind is acted on that a real cluster acts on in another way; who writes one is told.
    columns: a CRD's additionalPrinterColumns. selectable: its selectableFields, as ``spec.color``.
    scaling: a CRD's paths for its scale subresource. schema: its openAPIV3Schema; None for built-in kinds.
    """

    group: str
    version: str
    kind: str
    plural: str
    singular: str
    short_names: tuple[str, ...] = ()
    namespaced: bool = True
    subresources: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    generation: str = ""
    list_kind: str = ""
    deprecation: str = ""
    idle: str = ""
    otherwise: str = ""
    columns: tuple[dict, ...] = field(default=(), compare=False)
    selectable: tuple[str, ...] = field(default=(), compare=False)
    scaling: dict = field(default_factory=dict, compare=False, repr=False)
    schema: dict | None = field(default=None, compare=False, repr=False)

    @property
    def api_version(self) -> str:
        """``apps/v1``, or ``v1`` for the core group."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def resource(self) -> str:
        """``deployments.apps``, or ``pods``: the name in messages, and the storage key shared by versions."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def qualified(self) -> str:
        """``Deployment.apps``, or ``Pod``: the name in messages about invalid objects."""
        return f"{self.kind}.{self.group}" if self.group else self.kind

    @property
    def is_custom(self) -> bool:
        return self.schema is not None

    @property
    def list_name(self) -> str:
        return self.list_kind or f"{self.kind}List"


class Kinds:
    """Lookup of kinds by path and by apiVersion; CRDs add and take away at run time."""

    def __init__(self, kinds: Iterable[Kind] = ()):
        self._by_plural: dict[tuple[str, str, str], Kind] = {}
        self._by_kind: dict[tuple[str, str], Kind] = {}
        for kind in kinds:
            self.add(kind)

    def add(self, kind: Kind) -> None:
        self._by_plural[kind.group, kind.version, kind.plural] = kind
        self._by_kind[kind.api_version, kind.kind] = kind

    def discard(self, kind: Kind) -> None:
        self._by_plural.pop((kind.group, kind.version, kind.plural), None)
        self._by_kind.pop((kind.api_version, kind.kind), None)

    def by_plural(self, group: str, version: str, plural: str) -> Kind | None:
        return self._by_plural.get((group, version, plural))

    def by_kind(self, api_version: str, kind: str) -> Kind | None:
        return self._by_kind.get((api_version, kind))

    def __iter__(self) -> Iterator[Kind]:
        return iter(tuple(self._by_plural.values()))
