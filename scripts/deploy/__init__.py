"""The push path: a version and its manifests -> the cluster, the proof that it serves, or the way back.

    plan ─► lock ─► plan ─► validate ─► hooks ─► record ─► apply, wave by wave ─► prove ─► Outcome
                                          └────────────────────┴──────────────────┴──► undo ─► BadVerdict

Each arrow is a module, and `deliver` calls them: what happens around, before or instead of a step belongs
there.
"""

from scripts.deploy import drift
from scripts.deploy.decide import promote, reject, waiting
from scripts.deploy.deliver import deliver, deploy, push
from scripts.deploy.history import History, chosen
from scripts.deploy.history import of as read_history
from scripts.deploy.outcome import Outcome
from scripts.deploy.plan import Plan, Wanted, make_plan, read_plan
from scripts.deploy.refused import Refused
from scripts.deploy.restore import Restored, undo

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
