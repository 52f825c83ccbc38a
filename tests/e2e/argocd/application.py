"""One Application under test, with an AppProject of its own."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from aks_flow.core import wait
from tests.e2e.argocd.manifests import OVERLAY
from tests.e2e.argocd.repository import Branch
from tests.e2e.kubectl import Kubectl

AUTOMATED = {"automated": {"prune": True, "selfHeal": True}, "retry": {"limit": 0}}
_API = "argoproj.io/v1alpha1"
_KIND = "applications.argoproj.io"


@dataclass(frozen=True)
class Application:
    """``namespace``: Argo CD's own. ``target``: where its objects go."""

    kubectl: Kubectl
    namespace: str
    name: str
    target: str
    branch: Branch

    def create(self, policy: dict, path: str = OVERLAY, kinds: tuple[dict, ...] = ()) -> None:
        """kinds: the only ones that the project permits; none: all."""
        self.kubectl.ok("apply", "-f", "-", stdin=json.dumps(self._project(kinds)))
        self.kubectl.ok("apply", "-f", "-", stdin=json.dumps(self._application(policy, path)))

    def delete(self) -> None:
        for kind in (_KIND, "appprojects.argoproj.io"):
            self._kubectl("delete", kind, self.name, "--ignore-not-found")

    def delete_application(self) -> None:
        self._kubectl("delete", _KIND, self.name, "--timeout=60s")

    def read(self) -> dict:
        return json.loads(self._kubectl("get", _KIND, self.name, "--output=json"))

    @property
    def status(self) -> dict:
        return self.read().get("status", {})

    def patch(self, **changes: object) -> None:
        self._kubectl("patch", _KIND, self.name, "--type=merge", f"--patch={json.dumps(changes)}")

    def annotated(self) -> bool:
        """Whether a refresh is still being asked for."""
        return "argocd.argoproj.io/refresh" in (self.read()["metadata"].get("annotations") or {})

    def commit_and_refresh(self, files: dict[str, str], remove: tuple[str, ...] = ()) -> str:
        commit = self.branch.commit(files, remove)
        self.refresh()
        return commit

    def refresh(self, how: str = "normal") -> None:
        self._kubectl("annotate", _KIND, self.name, f"argocd.argoproj.io/refresh={how}", "--overwrite")

    def until(self, condition: Callable[[dict], object], what: str, seconds: float = 60) -> dict:
        """The status once ``condition`` holds of it; AssertionError with the last one."""
        last: dict = {}

        def holds() -> bool:
            last.clear()
            last.update(self.status)
            return bool(condition(last))

        try:
            wait.until(holds, f"{self.name}: {what}", seconds)
        except wait.DeadlineError as error:
            raise AssertionError(f"{error}; its status is {json.dumps(last, indent=1)}") from error
        return dict(last)

    def until_delivered(self, commit: str, seconds: float = 60) -> dict:
        return self.until(lambda status: delivered(status, commit), f"delivers {commit}", seconds)

    def served(self) -> str:
        """The version that answers, "" for none."""
        url = f"/api/v1/namespaces/{self.target}/services/http:web:80/proxy/"
        answer = self.kubectl("get", "--raw", url)
        return answer.stdout.partition(" ")[0] if answer.exit == 0 else ""

    def events(self, reason: str) -> str:
        fields = f"involvedObject.name={self.name},reason={reason}"
        return self._kubectl(
            "get", "events", f"--field-selector={fields}", "--output=jsonpath={.items[*].message}"
        )

    def _kubectl(self, *words: str) -> str:
        return self.kubectl.ok("--namespace", self.namespace, *words)

    def _project(self, kinds: tuple[dict, ...]) -> dict:
        spec = {
            "sourceRepos": [self.branch.url],
            "destinations": [{"server": "https://kubernetes.default.svc", "namespace": self.target}],
        }
        if kinds:
            spec["namespaceResourceWhitelist"] = list(kinds)
        return {"apiVersion": _API, "kind": "AppProject", "metadata": self._metadata, "spec": spec}

    def _application(self, policy: dict, path: str) -> dict:
        spec = {
            "project": self.name,
            "source": {"repoURL": self.branch.url, "targetRevision": self.branch.name, "path": path},
            "destination": {"server": "https://kubernetes.default.svc", "namespace": self.target},
            "syncPolicy": policy,
        }
        return {"apiVersion": _API, "kind": "Application", "metadata": self._metadata, "spec": spec}

    @property
    def _metadata(self) -> dict:
        return {"name": self.name, "namespace": self.namespace}


def delivered(status: dict, commit: str) -> bool:
    """Synced with the commit, and healthy."""
    sync, health = status.get("sync", {}), status.get("health", {})
    return (sync.get("status"), sync.get("revision"), health.get("status")) == ("Synced", commit, "Healthy")


def condition(status: dict, kind: str) -> str:
    """The message of a condition, "" if there is none of this type."""
    found = status.get("conditions") or []
    return next((entry["message"] for entry in found if entry["type"] == kind), "")


def operation(status: dict) -> dict:
    """The state of the last one; an empty one between its being asked for and its beginning."""
    return {"phase": "", "operation": {"sync": {}}, "syncResult": {}} | status.get("operationState", {})
