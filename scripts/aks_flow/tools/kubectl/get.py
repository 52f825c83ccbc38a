"""kubectl get: objects as JSON, and the names of those that exist."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aks_flow.core.command import Command, flags
from aks_flow.core.reading import reads
from aks_flow.tools.kubectl import ANY, SOON, Kubectl


def by_name(cluster: Kubectl, kind: str, name: str) -> Command:
    """One object; fails if there is none."""
    return cluster.command("get", kind, name, *flags(output="json"), reads=True)


def find(cluster: Kubectl, kind: str, name: str) -> Command:
    """As `by_name`; prints nothing if there is none."""
    return cluster.command("get", kind, name, *flags(ignore_not_found=True, output="json"), reads=True)


def lease(cluster: Kubectl, name: str) -> Command:
    """As `find`, and soon: who waits for an answer for longer than a lease lasts has lost it."""
    words = flags(ignore_not_found=True, output="json", request_timeout=SOON)
    return cluster.command("get", "lease", name, *words, reads=True)


def objects(cluster: Kubectl, names: Iterable[str]) -> Command:
    """Those of these ``kind/name`` that exist; an exit code other than 0 if one of them may not be seen."""
    return cluster.command("get", *names, *flags(ignore_not_found=True, output="json"), reads=True, ok=ANY)


def all_of(cluster: Kubectl, kinds: str) -> Command:
    """A list of all objects of some kinds, their names with commas between them."""
    return cluster.command("get", kinds, *flags(output="json"), reads=True)


def labelled(cluster: Kubectl, kind: str, labels: Mapping[str, str]) -> Command:
    """A list of those of a kind that have all of these labels."""
    selector = ",".join(f"{key}={value}" for key, value in labels.items())
    return cluster.command("get", kind, *flags(output="json", selector=selector), reads=True)


def with_label(cluster: Kubectl, kinds: str, label: str) -> Command:
    """A list of those of some kinds that have a label, whatever its value; with their fields' owners."""
    words = flags(selector=label, output="json", show_managed_fields=True)
    return cluster.command("get", kinds, *words, reads=True)


def owned(cluster: Kubectl, kinds: str) -> Command:
    """As `all_of`, with their fields' owners."""
    words = flags(output="json", show_managed_fields=True)
    return cluster.command("get", kinds, *words, reads=True)


def of_manifest(cluster: Kubectl, manifest: str) -> Command:
    """The objects of a manifest that exist, as they are, with their fields' owners; for `output.objects`."""
    words = flags(filename="-", ignore_not_found=True, output="json", show_managed_fields=True)
    return cluster.command("get", *words, stdin=manifest, reads=True)


def events(cluster: Kubectl) -> Command:
    """The namespace's events; an exit code other than 0 for those who may not see them."""
    return cluster.command("get", "events", *flags(output="json"), reads=True, ok=ANY)


def names(cluster: Kubectl, kind: str) -> Command:
    """``kind/name`` lines of all of a kind; nothing while the server does not answer."""
    return cluster.command("get", kind, *flags(output="name"), reads=True, ok=ANY)


def existing(cluster: Kubectl, *names: str) -> Command:
    """``kind/name`` lines of those of these ``kind/name`` that exist."""
    return cluster.command("get", *names, *flags(ignore_not_found=True, output="name"), reads=True)


@dataclass(frozen=True)
class Existing:
    """An object that exists: its resourceVersion, a Lease's holder ("" for none), the keys of its data."""

    version: str
    holder: str = ""
    keys: frozenset[str] = frozenset()
    is_ending: bool = False


_DETAILS = (
    "{{.kind}}",
    "{{.metadata.name}}",
    "{{.metadata.resourceVersion}}",
    "{{with .spec}}{{with .holderIdentity}}{{.}}{{end}}{{end}}",
    "{{with .metadata.deletionTimestamp}}{{.}}{{end}}",
    "{{range $key, $value := .data}}{{$key}} {{end}}",
)
# A single object is no list to kubectl.
_TEMPLATE = (
    '{{define "line"}}' + '{{"\\t"}}'.join(_DETAILS) + '{{"\\n"}}{{end}}'
    '{{if .items}}{{range .items}}{{template "line" .}}{{end}}{{else}}{{template "line" .}}{{end}}'
)


def existing_in_detail(cluster: Kubectl, *names: str) -> Command:
    """A line for each of these ``kind/name`` that exists, for `parse_existing`.

    It has the keys of a Secret, and none of its values.
    """
    words = flags(ignore_not_found=True, output=f"go-template={_TEMPLATE}")
    return cluster.command("get", *names, *words, reads=True)


@reads("kubectl")
def parse_existing(text: str) -> dict[str, Existing]:
    """`existing_in_detail` -> what exists, by ``kind/name``."""
    rows = (line.split("\t") for line in text.splitlines() if line.strip())
    return {
        f"{kind.lower()}/{name}": Existing(version, holder, frozenset(keys.split()), bool(deleted))
        for kind, name, version, holder, deleted, keys in rows
    }
