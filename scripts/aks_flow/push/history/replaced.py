"""What a delivery changes although no good revision has it: kept as it was, for the way back. Pure.

Such an object had left the manifests and comes back, or somebody made it by hand.
"""

from collections.abc import Iterable

from aks_flow.push.fields.applied import configuration
from aks_flow.push.history.history import History
from aks_flow.push.history.revision import Revision
from aks_flow.tools.kubectl import output
from aks_flow.tools.kubectl.kinds import LASTING


def before_change(live: Iterable[dict], good: Revision | None) -> list[dict]:
    """Of the objects that are there those that ``good``, which one would go back to, does not have."""
    if good is None:
        return []
    return [configuration(item) for item in live if output.object_name(item) not in good.objects]


def to_put_back(history: History, revision: Revision) -> list[dict]:
    """How the objects that later deliveries changed were at ``revision``, which does not have them."""
    gone = set(revision.objects) | history.created_since(revision.number)
    first: dict[str, dict] = {}
    for later in history.since(revision.number):
        for item in later.replaced:
            first.setdefault(output.object_name(item), item)
    return [item for name, item in first.items() if name not in gone and not name.startswith(LASTING)]


def left_over(history: History, revision: Revision) -> list[str]:
    """What later deliveries made or changed and the way back leaves as it is: what holds data."""
    changed = {
        output.object_name(item) for later in history.since(revision.number) for item in later.replaced
    }
    every = (changed | history.created_since(revision.number)) - set(revision.objects)
    return sorted(name for name in every if name.startswith(LASTING))
