"""The push path: a version and its manifests -> the cluster, the proof that it serves, or the way back.

    plan ─► lock ─► plan ─► validate ─► hooks ─► apply, wave by wave ─► prove ─► Outcome
                                          └───────┴──────────────────────┴────► BadVerdict

Each arrow is a module, and `deliver` calls them: what happens around, before or instead of a step belongs
there.
"""

from scripts.deploy.deliver import deliver, deploy, push
from scripts.deploy.outcome import Outcome
from scripts.deploy.plan import Plan, Wanted, make_plan, read_plan
from scripts.deploy.refused import Refused

__all__ = ["Outcome", "Plan", "Refused", "Wanted", "deliver", "deploy", "make_plan", "push", "read_plan"]
