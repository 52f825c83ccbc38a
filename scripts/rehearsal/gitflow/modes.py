"""Push or pull: the repository's one variable, and who owns the environments.

Argo CD and a push must not share an environment: self-heal would put the branch's version back.
"""

from pathlib import Path

from scripts import argocd, password
from scripts.delivery import Delivery
from scripts.gitops import init
from scripts.gitops.branch import open_branch
from scripts.rehearsal.github.hub import Hub
from scripts.rehearsal.story import pulling
from scripts.tools.kubectl import Kubectl

PUSH, PULL = "push", "pull"


def switch(hands: Delivery, hub: Hub, repo: Path, mode: str) -> None:
    """From the next run on workflows deliver by ``mode``. repo: a clone, for its manifests."""
    with hands.steps("mode") as step:
        hub.set_variables({"DELIVERY": mode})
        step.note = f"DELIVERY={mode}"
        if mode == PUSH:
            release(hands, *hands.config.environments)
            return
        inside = pulling.at(hands, repo)
        init.init(open_branch(inside.run, inside.config))
        for name in inside.config.environments:
            password.ensure(inside.run, inside.cluster(name))
        argocd.apply(inside.run, inside.config)


def release(hands: Delivery, *environments: str) -> None:
    """Take environments out of Argo CD's hands; what runs there goes on (an Application has no finalizer)."""
    config = hands.config
    target, names = config.destination, [config.environment(name).namespace for name in environments]
    cluster = Kubectl(target.kubeconfig, target.context, config.gitops.namespace)
    hands.run.run(cluster.delete("applications.argoproj.io", *names))
