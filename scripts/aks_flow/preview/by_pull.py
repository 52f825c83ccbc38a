"""A pull request's preview by pull: a folder of the GitOps branch, and a label that Argo CD asks for."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from aks_flow.core import wait
from aks_flow.core.config import previews
from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow.by_request.hosted import answered, requests_of
from aks_flow.gitops import deliver, namespace
from aks_flow.gitops.branch.branch import Branch, Tip, open_branch
from aks_flow.gitops.branch.message import message
from aks_flow.gitops.branch.write import BranchWriter, FolderChange
from aks_flow.gitops.wait.arrival import Arrival, wait_for_arrival
from aks_flow.image import digests
from aks_flow.preview import down
from aks_flow.push.artifacts import build_artifacts
from aks_flow.push.request import PushRequest
from aks_flow.rollout import app_version
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools import argocd
from aks_flow.tools.argocd import ArgoCD
from aks_flow.tools.gh.refusals import refusal
from aks_flow.tools.git import past_commits
from aks_flow.tools.kubectl import ANY, get, output

LABEL = "preview"  # the ApplicationSet generates an Application for each open request that has it
PAUSE = 1.0  # seconds between two looks
_NO_LABEL = "Label does not exist"


def check(context: DeliveryContext) -> None:
    """AksFlowError if no Argo CD would make an Application of a pull request: nothing is changed then."""
    cluster = ArgoCD.of(context.config).kubectl
    name = f"{argocd.SETS}/{context.config.previews.namespace}"
    if not context.run.run(replace(get.existing(cluster, name), ok=ANY)).text.strip():
        what = f"Argo CD makes no Applications of pull requests: there is no {name} in {cluster.namespace}"
        step = "`./inv argocd.apply` brings it, or says why not; without --pull the preview is pushed."
        raise AksFlowError(what, next_step=step)


def deliver_it(context: DeliveryContext, number: int, tell: Callable[[str], None]) -> Arrival:
    """Publish what is checked out, write the preview's folder, and wait until Argo CD has brought it."""
    name = previews.name(number)
    built = build_artifacts(context, PushRequest(name)).image
    namespace.ensure(context.run, context.cluster(name), context.config)
    told = digests.write(built, context.config.app.own_image)
    deliver.deliver(context, name, built.tag, told)
    with context.steps("label") as step:
        requests = requests_of(context.run, context.config.root)
        answered(context.run, requests.label(number, LABEL))
        _ask(context)
        step.note = f"{LABEL}: Argo CD looks for it"
    _wait_for_application(context, name)
    return wait_for_arrival(context, name, "", tell)


def address(context: DeliveryContext, number: int) -> str:
    """Where the contract's Service answers from outside, "" if nowhere."""
    cluster = context.cluster(previews.name(number))
    return app_version.url(context.run, cluster, context.config.contract.service)


def folders(context: DeliveryContext) -> dict[int, datetime]:
    """When each preview's folder of the branch was written last, by the pull request's number."""
    branch = open_branch(context.run, context.config, history=True)
    tip = branch.tip()
    names = [name for name in tip.entries if previews.is_preview(name)]
    return {int(name.rpartition("-")[2]): _written(branch, tip, name) for name in names}


def _written(branch: Branch, tip: Tip, name: str) -> datetime:
    [last] = past_commits.parse_history(
        branch.run.run(past_commits.history(branch.repo, tip.commit, [name], 1)).text
    )
    return datetime.fromtimestamp(last.when, UTC)


def _ask(context: DeliveryContext) -> None:
    """Have Argo CD ask GitHub now; who may not ask for that waits until it does so by itself."""
    asked = ArgoCD.of(context.config).refresh_set(context.config.previews.namespace)
    context.run.run(replace(asked, ok=ANY))


def _wait_for_application(context: DeliveryContext, name: str) -> None:
    step = (
        f"`kubectl get {argocd.SETS} --namespace {context.config.gitops.namespace} --output=yaml` says why."
    )
    with context.steps("application") as running:
        context.steps.progress(running, "waits until Argo CD has asked GitHub")
        wait.until(
            lambda: _application(context, name),
            "an Application of the preview",
            context.config.deadline,
            PAUSE,
            step,
        )


def _application(context: DeliveryContext, name: str) -> bool:
    wanted = f"{argocd.KIND}/{context.cluster(name).namespace}"
    return bool(context.run.run(get.existing(ArgoCD.of(context.config).kubectl, wanted)).text.strip())


def remove(context: DeliveryContext, number: int) -> bool:
    """Take label and folder away, and wait until Argo CD has removed all; False if there was nothing."""
    name = previews.name(number)
    had_label, had_folder = _unlabel(context, number), _remove_folder(context, name)
    if not context.dry:
        _ask(context)
        wait.until(
            lambda: _is_gone(context, name),
            "the end of the preview's Application",
            context.config.deadline,
            PAUSE,
            f"`kubectl get {argocd.KIND} --namespace {context.config.gitops.namespace}` shows what holds it.",
        )
    had_namespace = down.down(context, number)  # of an Application that never got as far as that
    return had_label or had_folder or had_namespace


def _is_gone(context: DeliveryContext, name: str) -> bool:
    """Whether the Application is. A sync that still runs is ended: before that Argo CD removes nothing."""
    tool = ArgoCD.of(context.config)
    answer = context.run.run(tool.application(context.cluster(name).namespace))
    if not answer.text.strip():
        return True
    item = output.only(answer.text)
    application = argocd.parse(item)
    if item["metadata"].get("deletionTimestamp") and application.operation.running:
        context.run.run(tool.terminate(application))
    return False


def _unlabel(context: DeliveryContext, number: int) -> bool:
    command = requests_of(context.run, context.config.root).unlabel(number, LABEL)
    answer = context.run.run(command)
    if answer.code and _NO_LABEL not in answer.text + answer.error_text:
        raise refusal(command, answer)
    return not answer.code


def _remove_folder(context: DeliveryContext, name: str) -> bool:
    """Whether the branch had one."""
    branch = open_branch(context.run, context.config, history=True)
    writer = BranchWriter(branch, name)
    while True:
        if not writer.fetch().tree:
            return False
        change = FolderChange("", None, message(f"Remove {name}", name, None), "removed")
        if context.dry or writer.write(change):
            return True
