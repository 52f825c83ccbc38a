"""Who depends on whom, kept current from changes."""

from collections import defaultdict

from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind

Place = tuple[Kind, str, str]


class Dependents:
    """Owner's uid -> places (kind, namespace, name) of the objects that refer to it."""

    def __init__(self):
        self._by_owner: dict[str, set[Place]] = defaultdict(set)
        self._owners: dict[Place, frozenset[str]] = {}

    def put(self, kind: Kind, item: dict) -> None:
        owners = item["metadata"].get("ownerReferences") or ()
        self._replace(place(kind, item), frozenset(owner["uid"] for owner in owners))

    def remove(self, kind: Kind, item: dict) -> None:
        self._replace(place(kind, item), frozenset())

    def of(self, uid: str) -> list[Place]:
        return list(self._by_owner.get(uid, ()))

    def _replace(self, where: Place, owners: frozenset[str]) -> None:
        before = self._owners.pop(where, frozenset())
        for uid in before - owners:
            self._by_owner[uid].discard(where)
            if not self._by_owner[uid]:
                del self._by_owner[uid]
        for uid in owners:
            self._by_owner[uid].add(where)
        if owners:
            self._owners[where] = owners


def place(kind: Kind, item: dict) -> Place:
    return kind, item["metadata"].get("namespace", ""), item["metadata"]["name"]
