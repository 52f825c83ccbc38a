"""Fields that others have set since the delivery: which, who and when, and what becomes of them. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from aks_flow.push.fields import field_set
from aks_flow.push.fields.applied import agrees, is_applied
from aks_flow.push.fields.field_set import MISSING, FieldSet, Path, part, steps
from aks_flow.push.fields.managers import former, others, people
from aks_flow.push.fields.server_defaults import stale_defaults
from aks_flow.tools.kubectl import output
from aks_flow.tools.kubectl.kinds import LASTING


@dataclass(frozen=True)
class ForeignField:
    """One field. object: as `kubectl get --output=name` calls it. time: RFC 3339, or "".

    added: whether the manifests do not have it; else they have another value. by_hand: whether a person set
    it.
    """

    object: str
    path: str
    manager: str
    time: str
    added: bool
    by_hand: bool

    def __str__(self) -> str:
        when = f" at {self.time}" if self.time else ""
        return f"{self.object}: {self.manager} set {self.path}{when}"


def foreign_fields(objects: Iterable[dict], live: Iterable[dict]) -> list[ForeignField]:
    """Of a manifest's ``objects``, as the cluster has them, what is not as the manifest says.

    What controllers add is theirs; what people add is not, but on objects that hold others' data.
    """
    return [field for item, there in output.pairs(objects, live) for field in _of_object(item, there)]


def _of_object(item: dict, live: dict) -> Iterator[ForeignField]:
    name, persons = output.object_name(item), people(live)
    for manager in others(live):
        by_hand = manager in persons
        for path, is_added in _differing(item, live, manager.fields):
            goes = by_hand and not name.startswith(LASTING) and field_set.at(manager.told, path) is not None
            if goes or not is_added:
                where = field_set.text(path)
                yield ForeignField(name, where, manager.name, manager.time, is_added, by_hand)


def _differing(
    wanted: object, live: object, fields: FieldSet, path: Path = ()
) -> Iterator[tuple[Path, bool]]:
    """Paths of fields that are not wanted (true), or wanted otherwise (false), the uppermost of each."""
    for step in steps(fields):
        there, own, place = part(wanted, step), part(live, step), (*path, step)
        if own is MISSING:
            continue
        if there is MISSING:
            yield place, True
        elif steps(fields[step]):
            yield from _differing(there, own, fields[step], place)
        elif not agrees(there, own):
            yield place, False


def beyond_diff(objects: Iterable[dict], live: Iterable[dict], foreign: Iterable[ForeignField]) -> list[str]:
    """A sentence each. objects: of the manifest. live: what the cluster has of them."""
    pairs = [(output.object_name(item), item, there) for item, there in output.pairs(objects, live)]
    taken = [
        f"{name}: {former(there)[0].name} applied it before; the delivery takes it over"
        for name, item, there in pairs
        if former(there) and not is_applied(item, there)
    ]
    added = _at_once(field for field in foreign if field.added)
    gone = [f"{field}; the manifests do not have it, and it goes" for field in added]
    filled = [
        f"{name}: {' and '.join(field_set.texts(fields))} was filled in for what is gone, and goes too"
        for name, item, there in pairs
        if (fields := stale_defaults(item, there))
    ]
    return gone + taken + filled


def replaced(foreign: Iterable[ForeignField]) -> list[str]:
    """What the diff shows, and who had set it: a sentence each."""
    changed = _at_once(field for field in foreign if not field.added)
    return [f"{field}; the manifests' value replaces it" for field in changed]


def _at_once(fields: Iterable[ForeignField]) -> Iterator[ForeignField]:
    """What one manager set in one place of several objects, as one field of all of them; the last time."""
    alike: dict[tuple[str, str], list[ForeignField]] = {}
    for field in fields:
        alike.setdefault((field.manager, field.path), []).append(field)
    for group in alike.values():
        objects = ", ".join(field.object for field in group)
        yield replace(group[0], object=objects, time=max(field.time for field in group))
