"""kubectl: argument lists and parsers."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from aks_flow.core.command import Command, Result, Secret, command
from aks_flow.core.config import Target

DIFFERENT = 1  # `kubectl diff`: there are differences
_BY_SERVER = ("--server-side", "--force-conflicts")
_SOON = "--request-timeout=5s"
_REFUSAL = re.compile(r"^Error from server \((\w+)\)", re.MULTILINE)


def namespace_object(name: str) -> dict:
    """A Namespace as it is applied: with nothing but its name."""
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


@dataclass(frozen=True)
class Kubectl:
    """kubectl for one cluster. Empty texts mean kubectl's own defaults.

    A kubeconfig of the project's own brings a discovery cache of its own with it.
    """

    kubeconfig: str = ""
    context: str = ""
    namespace: str = ""

    @classmethod
    def at(cls, target: Target, namespace: str = "") -> "Kubectl":
        """kubectl for the cluster of a configured target."""
        return cls(target.kubeconfig, target.context, namespace)

    def _command(self, *words: object, **rest) -> Command:
        flags = [f"--context={self.context}"] if self.context else []
        flags += [f"--namespace={self.namespace}"] if self.namespace else []
        built = command("kubectl", *flags, *words, cluster=True, **rest)
        if not self.kubeconfig:
            return built
        return built.with_env(
            KUBECONFIG=self.kubeconfig, KUBECACHEDIR=str(Path(self.kubeconfig).parent / "kube-cache")
        )

    def version(self) -> Command:
        return self._command("version", "--request-timeout=5s", reads=True)

    def versions(self) -> Command:
        """kubectl's own and the server's, as JSON."""
        return self._command("version", "--output=json", _SOON, reads=True, ok=range(256))

    def can_i_deploy(self) -> Command:
        """``yes``; ``no`` with exit code 1."""
        return self._command("auth", "can-i", "patch", "deployments.apps", _SOON, reads=True, ok=(0, 1))

    def existing(self, *names: str) -> Command:
        """``kind/name`` lines of those that exist."""
        return self._command("get", *names, "--ignore-not-found", "--output=name", reads=True)

    def existing_and_held(self, *names: str) -> Command:
        """``KIND NAME VERSION HOLDER`` lines of those that exist, for `parse_existing`."""
        fields = (".kind", ".metadata.name", ".metadata.resourceVersion", ".spec.holderIdentity")
        columns = "--output=custom-columns=" + ",".join(f":{field}" for field in fields)
        return self._command("get", *names, "--ignore-not-found", "--no-headers", columns, reads=True)

    def get(self, kind: str, name: str) -> Command:
        return self._command("get", kind, name, "--output=json", reads=True)

    def find(self, kind: str, name: str) -> Command:
        """As `get`; empty if there is none."""
        return self._command("get", kind, name, "--ignore-not-found", "--output=json", reads=True)

    def events(self) -> Command:
        """Of the namespace; whoever may not see them gets an exit code."""
        return self._command("get", "events", "--output=json", reads=True, ok=range(256))

    def last_lines(self, pod: str, container: str, lines: int, previous: bool = False) -> Command:
        """The end of a container's log; with ``previous`` of the one before its last restart."""
        flags = (f"--container={container}", f"--tail={lines}", f"--previous={str(previous).lower()}")
        return self._command("logs", pod, *flags, reads=True, ok=range(256))

    def annotate(self, kind: str, name: str, annotation: str) -> Command:
        return self._command("annotate", kind, name, annotation, "--overwrite")

    def list_names(self, kind: str) -> Command:
        """``kind/name`` lines; empty while the server does not answer."""
        return self._command("get", kind, "--output=name", reads=True, ok=range(256))

    def get_all(self, kind: str) -> Command:
        return self._command("get", kind, "--output=json", reads=True)

    def watch(self, plural: str, api: str, seconds: int, name: str = "") -> Command:
        """Events of a kind's objects in the namespace, one JSON document a line: first what there is.

        ``api``: group/version, or v1 for the core kinds. ``name``: of one object, "" for all. The server ends
        it after ``seconds``.
        """
        root = f"/apis/{api}" if "/" in api else f"/api/{api}"
        one = f"&fieldSelector=metadata.name%3D{name}" if name else ""
        url = f"{root}/namespaces/{self.namespace}/{plural}?watch=true&timeoutSeconds={seconds}{one}"
        return self._command("get", "--raw", url, reads=True)

    def labelled(self, kind: str, labels: Mapping[str, str]) -> Command:
        """Those of a kind with all of these labels."""
        selector = ",".join(f"{key}={value}" for key, value in labels.items())
        return self._command("get", kind, "--output=json", f"--selector={selector}", reads=True)

    def with_label(self, kinds: str, label: str) -> Command:
        """Those of some kinds that have a label, whatever it says."""
        return self._command("get", kinds, f"--selector={label}", "--output=json", reads=True)

    def delete_with_label(self, kinds: str, label: str) -> Command:
        """They go; waits until the server has no such objects."""
        return self._command("delete", kinds, f"--selector={label}", "--ignore-not-found")

    def get_manifest(self, manifest: str) -> Command:
        """The objects of a manifest that exist, as they are."""
        words = ("get", "--filename=-", "--ignore-not-found", "--output=json")
        return self._command(*words, stdin=manifest, reads=True)

    def existing_of(self, manifest: str) -> Command:
        """``kind.group/name`` lines of the manifest's objects that exist; see `object_name`."""
        words = ("get", "--filename=-", "--ignore-not-found", "--output=name")
        return self._command(*words, stdin=manifest, reads=True)

    def validate(self, manifest: str) -> Command:
        """The server's verdict on every object; nothing is stored."""
        words = ("apply", "--dry-run=server", "--filename=-", "--output=name")
        return self._command(*words, stdin=manifest, reads=True)

    def validate_new(self, manifest: str) -> Command:
        """As `validate`, of objects to be made anew: those that are there may only `all_exist`."""
        words = ("create", "--dry-run=server", "--filename=-", "--output=name")
        return self._command(*words, stdin=manifest, reads=True, ok=range(256))

    def diff(self, manifest: str) -> Command:
        return self._command("diff", "--filename=-", stdin=manifest, reads=True, ok=(0, DIFFERENT))

    def apply(self, manifest: str) -> Command:
        return self._command("apply", "--filename=-", stdin=manifest)

    def apply_and_show(self, manifest: str) -> Command:
        """As `apply`; prints the objects as the server stored them, for `parse_objects`."""
        return self._command("apply", "--filename=-", "--output=json", stdin=manifest)

    def diff_server_side(self, manifest: str) -> Command:
        words = ("diff", *_BY_SERVER, "--filename=-")
        return self._command(*words, stdin=manifest, reads=True, ok=(0, DIFFERENT))

    def apply_server_side(self, manifest: str) -> Command:
        """For objects too large for the annotation that a plain apply keeps."""
        return self._command("apply", *_BY_SERVER, "--filename=-", stdin=manifest)

    def create(self, manifest: Secret) -> Command:
        return self._command("create", "--filename=-", stdin=manifest)

    def lease(self, name: str) -> Command:
        """As `find`, and soon: who waits for an answer for longer than a lease lasts has lost it."""
        words = ("get", "lease", name, "--ignore-not-found", "--output=json", _SOON)
        return self._command(*words, reads=True)

    def create_new(self, manifest: str) -> Command:
        """Create one object and print it; `refusal` says why not, as when there is one of its name."""
        words = ("create", "--filename=-", "--output=json", _SOON)
        return self._command(*words, stdin=manifest, ok=range(256))

    def create_and_show(self, manifest: str) -> Command:
        """Create objects, and print them as the server stored them, for `parse_objects`."""
        return self._command("create", "--filename=-", "--output=json", stdin=manifest)

    def delete_manifest(self, manifest: str, seconds: int) -> Command:
        """Its objects go, those that exist; waits until they are gone."""
        words = ("delete", "--filename=-", "--ignore-not-found", f"--timeout={seconds}s")
        return self._command(*words, stdin=manifest)

    def replace_version(self, manifest: str) -> Command:
        """Replace the very resourceVersion that the manifest names, and print the new one; else `refusal`."""
        words = ("replace", "--filename=-", "--output=json", _SOON)
        return self._command(*words, stdin=manifest, ok=range(256))

    def delete(self, kind: str, *names: str) -> Command:
        """Those that exist go; the server finishes in its own time."""
        return self._command("delete", kind, *names, "--ignore-not-found", "--wait=false")

    def delete_objects(self, *names: str) -> Command:
        """As `delete`, of ``kind.group/name``."""
        return self._command("delete", *names, "--ignore-not-found", "--wait=false")

    def delete_namespace(self, name: str) -> Command:
        return self._command("delete", "namespace", name, "--wait=false")

    def rollout_status(self, workloads: Iterable[str], seconds: int) -> Command:
        """Wait until every one of ``kind/name`` has rolled out."""
        return self._command("rollout", "status", *workloads, f"--timeout={seconds}s", reads=True)

    def service_get(self, service: str, port: str, path: str) -> Command:
        """An HTTP GET through the API server's Service proxy: it needs no route to the Service's address."""
        url = f"/api/v1/namespaces/{self.namespace}/services/http:{service}:{port}/proxy{path}"
        return self._command("get", "--raw", url, reads=True, ok=range(256))

    def service_get_seen(self, service: str, port: str, path: str) -> Command:
        """As `service_get`, with the response's status in what it logs, for `parse_status`."""
        asked = self.service_get(service, port, path)
        return replace(asked, argv=(*asked.argv, "--v=6"))


def refusal(answer: Result) -> str:
    """The API's reason for a failure, such as ``Conflict`` or ``NotFound``; "" if it gave none."""
    found = _REFUSAL.search(answer.error_text)
    return found[1] if found else ""


@dataclass(frozen=True)
class Existing:
    """An object that exists. version: its resourceVersion. holder: a Lease's, "" for none."""

    version: str
    holder: str = ""


def parse_existing(text: str) -> dict[str, Existing]:
    """`existing_and_held` -> what exists, by ``kind/name``."""
    rows = (line.split() for line in text.splitlines() if line.strip())
    return {
        f"{kind.lower()}/{name}": Existing(version, holder.replace("<none>", ""))
        for kind, name, version, holder in rows
    }


def all_exist(answer: Result) -> bool:
    """Whether all that a `create` failed of was that objects are there already."""
    lines = [line for line in answer.error_text.splitlines() if not line.startswith("Warning:")]
    return bool(lines) and all(line.startswith("Error from server (AlreadyExists)") for line in lines)


def parse_status(answer: Result) -> int:
    """The HTTP status of a request made with --v=6, 0 if there was none; of redirects the last.

    kubectl logs `status="404 Not Found"` since v1.33, and `404 Not Found in 2 milliseconds` before.
    """
    found = re.findall(r'status="(\d{3})|\s(\d{3}) [A-Z][\w -]* in \d+ milliseconds', answer.error_text)
    return int("".join(found[-1])) if found else 0


def kustomize(folder: Path) -> Command:
    """Render an overlay; needs no cluster."""
    return command("kubectl", "kustomize", folder, reads=True)


def opaque_secret(namespace: str, name: str, values: dict[str, Secret]) -> Secret:
    """A Secret's manifest: a secret text itself."""
    return Secret(
        json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Secret",
                "metadata": {"name": name, "namespace": namespace},
                "stringData": {key: value.reveal() for key, value in values.items()},
            }
        )
    )


def object_name(item: dict) -> str:
    """An object as ``--output=name`` calls it: deployment.apps/front, service/front."""
    group = item["apiVersion"].rpartition("/")[0]
    kind = f"{item['kind'].lower()}.{group}" if group else item["kind"].lower()
    return f"{kind}/{item['metadata']['name']}"


def parse_objects(text: str) -> list[dict]:
    """The objects of `--output=json`: of one object itself, of several a List."""
    if not text.strip():
        return []
    found = json.loads(text)
    return found["items"] if found["kind"] == "List" else [found]


def service_url(service: dict) -> str:
    """Where a Service answers from outside, or "" if nowhere (yet).

    A load balancer that could not take the Service's own port says so in ports[].error
    (core/v1 PortStatus); then the node port is the way in.
    """
    ingress = (service.get("status", {}).get("loadBalancer", {}).get("ingress") or [{}])[0]
    host = ingress.get("ip") or ingress.get("hostname")
    if not host:
        return ""
    port = service["spec"]["ports"][0]
    refused = any(entry.get("error") for entry in ingress.get("ports") or [])
    number = port.get("nodePort") if refused else port["port"]
    return f"http://{host}" if number == 80 else f"http://{host}:{number}"
