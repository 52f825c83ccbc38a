"""Argo CD through kubectl: its Application objects asked for, asked to look again, and read.

Fields: https://argo-cd.readthedocs.io/en/stable/operator-manual/application.yaml (spec) and the type
ApplicationStatus of argoproj.io/v1alpha1 (status).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from aks_flow.core.command import Command, Result
from aks_flow.core.config import Config
from aks_flow.core.reading import reads
from aks_flow.tools.kubectl import Kubectl, annotate, get, kinds, patch, raw

KIND = "applications.argoproj.io"
SETS = "applicationsets.argoproj.io"
_REFRESH, _SET_REFRESH = "argocd.argoproj.io/refresh", "argocd.argoproj.io/application-set-refresh"
_PHASE, _BEGAN = (f"/status/operationState/{field}" for field in ("phase", "startedAt"))
_UNDER_WAY, _ENDING = "Running", "Terminating"
_RUNNING = (_UNDER_WAY, _ENDING)
_NAME = "aks-flow"
_SUCCEEDED, _FAILED, _ERROR = "Succeeded", "Failed", "Error"
_BLOCKED = "Sync operation blocked by sync window"


@dataclass(frozen=True)
class Operation:
    """The last sync. phase: "" if there has been none; revision: the one that it was for.

    began: when (RFC 3339), "" before that. failures: ``Kind/name: why`` of each object and hook that failed.
    """

    phase: str = ""
    revision: str = ""
    message: str = ""
    began: str = ""
    failures: tuple[str, ...] = ()

    @property
    def remark(self) -> str:
        """The message in brackets, for the end of a sentence; "" for none, as when it has just begun."""
        return f" ({self.message})" if self.message else ""

    @property
    def running(self) -> bool:
        return self.phase in _RUNNING

    @property
    def is_ending(self) -> bool:
        return self.phase == _ENDING

    @property
    def succeeded(self) -> bool:
        return self.phase == _SUCCEEDED

    @property
    def failed(self) -> bool:
        return self.phase in (_FAILED, _ERROR)

    @property
    def is_error(self) -> bool:
        """Whether Argo CD could not carry it out: nothing is said of the commit."""
        return self.phase == _ERROR

    @property
    def is_blocked(self) -> bool:
        """Whether a closed sync window keeps it from doing anything."""
        return self.running and self.message.startswith(_BLOCKED)


@dataclass(frozen=True)
class Condition:
    """Something that Argo CD has to say of an Application: ``ComparisonError`` and its message."""

    kind: str
    message: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}"


@dataclass(frozen=True)
class DeployedCommit:
    """A sync that succeeded: the branch's commit, and when it began and ended (RFC 3339)."""

    revision: str
    began: str
    ended: str


@dataclass(frozen=True)
class Application:
    """What Argo CD says of an environment.

    revision: the commit that ``sync`` and ``health`` compare with, "" before the first and for one that could
    not be read. drift: the resources that differ from it. resources: all of them, as kubectl names them;
    extra: those that the commit does not have and that stay nevertheless. unhealthy: those that are not well,
    with a word on why; none where the status does not say. errors: its conditions that are errors; warnings:
    the messages of those that are warnings.
    automated: whether it syncs by itself. refreshing: whether a refresh was asked for and not yet done.
    deployed: the syncs that it remembers, the oldest first. created: when it was made (RFC 3339).
    left: those of ``drift`` that the commit does not have and that the last sync was told to leave.
    """

    name: str
    revision: str = ""
    sync: str = "Unknown"
    health: str = "Unknown"
    operation: Operation = Operation()
    drift: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    unhealthy: tuple[str, ...] = ()
    errors: tuple[Condition, ...] = ()
    automated: bool = True
    refreshing: bool = False
    deployed: tuple[DeployedCommit, ...] = ()
    created: str = ""
    left: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def remembers_error(self) -> bool:
        """Whether it renders its commit no more: after three errors Argo CD repeats the last for an hour."""
        return any("error (cached)" in error.message for error in self.errors)


@dataclass(frozen=True)
class ArgoCD:
    """``kubectl``: in the namespace of the Application objects."""

    kubectl: Kubectl

    @classmethod
    def of(cls, config: Config) -> "ArgoCD":
        """The one that delivers to the configured target."""
        return cls(Kubectl.at(config.destination, config.gitops.namespace))

    def application(self, name: str) -> Command:
        return get.find(self.kubectl, KIND, name)

    def applications(self) -> Command:
        return get.all_of(self.kubectl, KIND)

    def watch(self, name: str, seconds: int) -> Command:
        """The Application's events; see `Kubectl.watch`."""
        return raw.watch(self.kubectl, *kinds.NAMED[KIND], seconds, name)

    def refresh(self, name: str, anew: bool = False) -> Command:
        """Compare with the branch now rather than at the next poll; anew: render what failed before, too."""
        return annotate.annotate(self.kubectl, KIND, name, f"{_REFRESH}={'hard' if anew else 'normal'}")

    def refresh_set(self, name: str) -> Command:
        """Have an ApplicationSet ask now for what it makes Applications of."""
        return annotate.annotate(self.kubectl, SETS, name, f"{_SET_REFRESH}=true")

    def sync(self, item: dict, revision: str) -> Command:
        """Start a sync of exactly this commit, with the policy of the Application as it was read.

        How the one before ended is forgotten, as Argo CD does, so that nobody takes it for this one's end.
        A retry is of the same commit, too: with the policy's ``refresh`` it would be of the branch's newest.
        Nothing is changed, and the exit code is not 0, if the Application was written since.
        """
        policy = item.get("spec", {}).get("syncPolicy") or {}
        retry = {key: value for key, value in (policy.get("retry") or {}).items() if key != "refresh"}
        asked = {"revision": revision, "prune": True, "syncOptions": policy.get("syncOptions") or []}
        operation = {"initiatedBy": {"username": _NAME}, "sync": asked, "retry": retry}
        changes = {
            "metadata": {"resourceVersion": item["metadata"]["resourceVersion"]},
            "operation": operation,
            "status": {"operationState": None},
        }
        return patch.merge(self.kubectl, KIND, item["metadata"]["name"], changes)

    def terminate(self, application: Application) -> Command:
        """End the sync that was read, and no later one: it fails and is not tried again.

        An exit code other than 0, and `is_over`, if it does not run any more.
        """
        tests = {_BEGAN: application.operation.began, _PHASE: _UNDER_WAY}
        running = [{"op": "test", "path": path, "value": value} for path, value in tests.items()]
        ending = {"op": "replace", "path": _PHASE, "value": _ENDING}
        return patch.json_patch(self.kubectl, KIND, application.name, *running, ending)


def is_over(answer: Result) -> bool:
    """Whether the sync that was to be ended runs no more: kubectl's words for a patch whose test fails."""
    return answer.code != 0 and "The request is invalid" in answer.error_text


@reads("kubectl", private=True)
def parse(item: dict) -> Application:
    """An Application object -> Application; what is not there yet is left at its default."""
    status, metadata = item.get("status", {}), item["metadata"]
    sync, resources = status.get("sync", {}), status.get("resources") or []
    conditions = status.get("conditions") or []
    extra = (resource for resource in resources if resource.get("requiresPruning"))
    return Application(
        metadata["name"],
        _revision(sync, item.get("spec", {}).get("source") or {}),
        sync.get("status", "Unknown"),
        status.get("health", {}).get("status", "Unknown"),
        _operation(status.get("operationState") or {}, item.get("operation") or {}),
        tuple(_name(resource) for resource in resources if _differs(resource, sync.get("status"))),
        tuple(map(_argument, resources)),
        tuple(map(_argument, extra)) if sync.get("status") != "Unknown" else (),
        tuple(
            _trouble(resource)
            for resource in resources
            if resource.get("health", {}).get("status") in ("Degraded", "Missing")
        ),
        tuple(
            Condition(condition["type"], condition["message"])
            for condition in conditions
            if condition["type"].endswith("Error")
        ),
        _is_automated(item.get("spec", {}).get("syncPolicy") or {}),
        _REFRESH in (metadata.get("annotations") or {}),
        tuple(_deployed(entry) for entry in status.get("history") or []),
        metadata.get("creationTimestamp", ""),
        tuple(_left(resources, status.get("operationState") or {})),
        tuple(condition["message"] for condition in conditions if condition["type"].endswith("Warning")),
    )


def _revision(sync: dict, source: dict) -> str:
    """Of what it cannot read Argo CD tells what was asked for: the branch's name."""
    asked, told = source.get("targetRevision"), sync.get("revision", "")
    return "" if sync.get("status") == "Unknown" and told == asked else told


def _left(resources: list[dict], state: dict) -> Iterator[str]:
    results = (state.get("syncResult") or {}).get("resources") or []
    skipped = {_argument(result) for result in results if result.get("status") == "PruneSkipped"}
    extra = (resource for resource in resources if resource.get("requiresPruning"))
    return (_name(resource) for resource in extra if _argument(resource) in skipped)


def _deployed(entry: dict) -> DeployedCommit:
    """Older entries tell their end alone."""
    ended = entry["deployedAt"]
    return DeployedCommit(entry.get("revision", ""), entry.get("deployStartedAt") or ended, ended)


def _is_automated(policy: dict) -> bool:
    automated = policy.get("automated")
    return automated is not None and automated.get("enabled") is not False


def _operation(state: dict, asked_for: dict) -> Operation:
    """An operation that has not finished names its revision in what was asked for, not in a result.

    asked_for: the one that is to be carried out, until it ends. Before it begins, the state is of another.
    """
    if asked_for and state.get("phase") not in _RUNNING:
        return Operation(_UNDER_WAY, (asked_for.get("sync") or {}).get("revision") or "", "waiting to start")
    revision = (state.get("syncResult") or {}).get("revision") or ""
    asked = ((state.get("operation") or {}).get("sync") or {}).get("revision") or ""
    told = state.get("message", ""), state.get("startedAt", "")
    return Operation(state.get("phase", ""), revision or asked, *told, tuple(_failures(state)))


def _failures(state: dict) -> Iterator[str]:
    for result in (state.get("syncResult") or {}).get("resources") or []:
        if result.get("status") == "SyncFailed" or result.get("hookPhase") in (_FAILED, _ERROR):
            yield f"{_name(result)}: {result.get('message') or 'no more is said'}"


def _name(resource: dict) -> str:
    return f"{resource['kind']}/{resource['name']}"


def _differs(resource: dict, sync: str | None) -> bool:
    """An object that the commit does not have counts unless Argo CD is told to let it be.

    Nothing is known of one whose kind the project does not permit; of all of them if git could not be read.
    """
    is_let_be = sync == "Synced" and resource.get("requiresPruning")
    is_not_permitted = sync != "Unknown" and resource.get("status") == "Unknown"
    return is_not_permitted or (resource.get("status") == "OutOfSync" and not is_let_be)


def _argument(resource: dict) -> str:
    """``deployment.apps/web``"""
    kind = f"{resource['kind']}.{resource['group']}" if resource.get("group") else resource["kind"]
    return f"{kind.lower()}/{resource['name']}"


def _trouble(resource: dict) -> str:
    health = resource["health"]
    return f"{_name(resource)} is {health['status']}" + (
        f": {health['message']}" if health.get("message") else ""
    )
