"""The push path: a version and its manifests -> the cluster, the proof that it serves, or the way back.

    plan ─► lock ─► plan ─► validate ─► hooks ─► record ─► apply, wave by wave ─► prove ─► Outcome
                                          └────────────────────┴──────────────────┴──► undo ─► BadVerdict

Each arrow is a module, and `deliver` calls them: what happens around, before or instead of a step belongs
there.
"""

from aks_flow.push import drift
from aks_flow.push.deliver import deliver, deploy, push
from aks_flow.push.history.history import History, chosen
from aks_flow.push.history.history import of as read_history
from aks_flow.push.history.rollback import Restored, undo
from aks_flow.push.outcome import Outcome
from aks_flow.push.plan import Plan, Wanted, make_plan, read_plan
from aks_flow.push.promote import promote, reject, waiting
from aks_flow.push.refused import Refused

__all__ = [
    "History",
    "Outcome",
    "Plan",
    "Refused",
    "Restored",
    "Wanted",
    "chosen",
    "deliver",
    "deploy",
    "drift",
    "make_plan",
    "promote",
    "push",
    "read_history",
    "read_plan",
    "reject",
    "undo",
    "waiting",
]
