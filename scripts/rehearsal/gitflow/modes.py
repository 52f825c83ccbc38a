"""Push or pull: the repository's one variable, and who owns the environments."""

from pathlib import Path

from scripts import argocd, password
from scripts.delivery import Delivery
from scripts.gitops import init
from scripts.gitops.branch import open_branch
from scripts.rehearsal.github.hub import Hub
from scripts.rehearsal.story import ownership, pulling

PUSH, PULL = "push", "pull"


def switch(hands: Delivery, hub: Hub, repo: Path, mode: str) -> None:
    """From the next run on workflows deliver by ``mode``. repo: a clone, for its manifests."""
    with hands.steps("mode") as step:
        hub.set_variables({"DELIVERY": mode})
        step.note = f"DELIVERY={mode}"
        if mode == PUSH:
            ownership.take_from_argocd(hands, *hands.config.environments)
            return
        inside = pulling.at(hands, repo)
        init.init(open_branch(inside.run, inside.config))
        for name in inside.config.environments:
            password.ensure(inside.run, inside.cluster(name))
        argocd.apply(inside.run, inside.config)
