"""Was an environment pushed to since Argo CD looks after it? Then a commit would not be what runs there.

The mirror of `push/managed.py`: each path refuses where the other one delivered last.
"""

from dataclasses import replace
from datetime import datetime

from aks_flow.core.errors import AksFlowError
from aks_flow.target.delivery import DeliveryContext
from aks_flow.target.push_records import LABELS
from aks_flow.tools import argocd
from aks_flow.tools.argocd import ArgoCD
from aks_flow.tools.kubectl import ANY, get, output


def refuse(context: DeliveryContext, environment: str) -> None:
    """AksFlowError if the last delivery was a push.

    Nothing where whoever delivers may not read the namespace's Secrets, or Applications.
    """
    pushed = _last_push(context, environment)
    since = _managed_since(context, environment) if pushed else None
    if since is not None and _moment(pushed) > since:
        raise _refusal(context, environment, pushed, has_application=bool(since))


def _last_push(context: DeliveryContext, environment: str) -> str:
    """When it began (RFC 3339, by the server's clock); "" for none, or if that may not be read."""
    asked = get.labelled(context.cluster(environment), "secrets", LABELS)
    answer = context.run.run(replace(asked, ok=ANY))
    records = [] if answer.code else output.objects(answer.text)
    return max((record["metadata"]["creationTimestamp"] for record in records), default="")


def _managed_since(context: DeliveryContext, environment: str) -> float | None:
    """When Argo CD last took the namespace on or synced it; 0 without an Application, None if unknown."""
    asked = ArgoCD.of(context.config).application(context.config.environment(environment).namespace)
    answer = context.run.run(replace(asked, ok=ANY))
    if answer.code:
        return None
    if not answer.text.strip():
        return 0
    application = argocd.parse(output.only(answer.text))
    return max(map(_moment, [application.created, *(sync.ended for sync in application.deployed)]))


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _refusal(context: DeliveryContext, environment: str, pushed: str, has_application: bool) -> AksFlowError:
    namespace = context.config.environment(environment).namespace
    synced = "after Argo CD synced it last"
    later = synced if has_application else "and no Application of Argo CD looks after it"
    labels = ",".join(f"{name}={value}" for name, value in LABELS.items())
    forget = f"forget the pushes (`kubectl --namespace {namespace} delete secret --selector {labels}`), then "
    begin = f"to pull from now on, {forget if has_application else ''}run `./inv argocd.apply`"
    step = f"`./inv push --env {environment}` delivers there; {begin}."
    what = f"{environment} was pushed to at {pushed}, {later}, and nothing was written"
    return AksFlowError(what, where=namespace, next_step=step)
