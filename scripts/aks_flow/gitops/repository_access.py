"""How Argo CD gets at a private repository: a Secret in its own namespace, which it finds by a label.

https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#repositories
"""

from aks_flow.core import wait
from aks_flow.core.command import Secret
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.gitops.wait.trouble import is_unreadable
from aks_flow.gitops.wait.watch import application_of
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools import argocd
from aks_flow.tools.argocd import Application, ArgoCD
from aks_flow.tools.kubectl import Kubectl, apply, resources

NAME = "aks-flow-repository"
_LABELS = {"argocd.argoproj.io/secret-type": "repository"}
_KEY = "PRIVATE KEY-----"
_ANY_USER = "git"  # with a token the hosts look at nothing but the token
_SECONDS = 15  # until Argo CD has looked at what it was asked to look at
PAUSE = 0.5  # seconds between two looks


def give(run: Runner, cluster: Kubectl, url: str, credentials: str) -> None:
    """Let Argo CD read ``url`` with a deploy key or a token. ``cluster``: with Argo CD's namespace.

    AksFlowError if they are empty, or do not go with the address.
    """
    values = {"type": Secret("git"), "url": Secret(url), **_fields(url, credentials.strip())}
    text = resources.opaque_secret(cluster.namespace, NAME, values, _LABELS)
    # By the server: a plain apply would keep the values in an annotation as well.
    run.run(apply.manifest_server_side(cluster, text))


def check(context: DeliveryContext, environment: str) -> str:
    """Ask Argo CD to look at an environment, and whether it may read the repository.

    "" if it may, or why that is not known. AksFlowError with its words if it may not.
    """
    name, asked = context.config.environment(environment).namespace, ArgoCD.of(context.config)
    context.run.run(asked.refresh(name))
    seen = wait.within(lambda: _looked(context, name), _SECONDS, PAUSE)
    if seen is None:
        return (
            f"Argo CD has not looked at {name} for {_SECONDS} s: whether it may read the branch is not known"
        )
    for condition in filter(is_unreadable, seen.errors):
        step = "docs/argocd.md says what it needs: `./inv argocd.apply --credentials < FILE` brings it."
        branch = context.config.gitops.branch
        raise AksFlowError(
            f"Argo CD cannot read {branch} of its repository: {condition.message}", next_step=step
        )
    return ""


def _looked(context: DeliveryContext, name: str) -> Application | None:
    """The Application, once Argo CD has done what it was asked to."""
    seen = argocd.parse(application_of(context.run, ArgoCD.of(context.config), name))
    return None if seen.refreshing else seen


def _fields(url: str, credentials: str) -> dict[str, Secret]:
    if not credentials:
        step = "Send it there: `./inv argocd.apply --credentials < FILE`."
        raise AksFlowError("there is no deploy key or token on standard input", where=url, next_step=step)
    is_key, is_web = _KEY in credentials, url.startswith(("https://", "http://"))
    if is_key and is_web:
        step = "Give a token, or the repository's SSH address: targets.NAME.repository in invoke.yaml."
        raise AksFlowError("a deploy key does not go with an address of the web", where=url, next_step=step)
    if is_key:
        return {"sshPrivateKey": Secret(f"{credentials}\n")}
    if not is_web:
        step = "Give a deploy key, or the repository's https address: targets.NAME.repository in invoke.yaml."
        raise AksFlowError("a token does not go with an SSH address", where=url, next_step=step)
    return {"username": Secret(_ANY_USER), "password": Secret(credentials)}
