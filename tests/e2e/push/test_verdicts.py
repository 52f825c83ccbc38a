"""The bad days of a push: a verdict within seconds, and the old version serves all the time."""

import json
import uuid
from datetime import datetime

import pytest

from aks_flow.core.printable import MOST
from aks_flow.rehearsal.scenarios.drills import faults
from aks_flow.rehearsal.scenarios.drills.faults import Fault, FaultyContainer
from aks_flow.rollout.verdict.reasons import CONFIG_MISSING, EXIT_CODES, NEVER_READY, SMOKE_FAILED
from tests.e2e.push.conftest import NAMESPACE, OVERLAY
from tests.e2e.push.load import start_load
from tests.e2e.push.test_push import front, served

FRONT = FaultyContainer("Deployment", "front", "front")
NO_KEY = {"secretKeyRef": {"name": "redis-auth", "key": "nosuch"}}
MISSING_KEY = Fault("missing-key", CONFIG_MISSING, {"env": [{"name": "NOSUCH", "valueFrom": NO_KEY}]})
NO_PAGE = {"httpGet": {"path": "/nosuch", "port": "http"}}
NEVER_WELL = Fault("never-ready", NEVER_READY, {"readinessProbe": NO_PAGE})
ONCE = {"command": ["sh", "-c", "[ -e /tmp/again ] && exec python3 -m vote; touch /tmp/again; exit 1"]}
PROMPT = 60  # seconds, a third of invoke.yaml's deadline; `./inv bench` has the figures of a quiet machine
SHOUT = ["sh", "-c", r"printf '\033[31m%01000d\n' 0; exit 3"]
SECOND = f"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: second
  annotations: {{argocd.argoproj.io/sync-wave: "1"}}
spec:
  selector:
    matchLabels: {{app: second}}
  template:
    metadata:
      labels: {{app: second}}
    spec:
      securityContext: {{runAsNonRoot: true, runAsUser: 10001, seccompProfile: {{type: RuntimeDefault}}}}
      containers:
        - name: second
          image: front
          command: {json.dumps(SHOUT)}
          securityContext: {{allowPrivilegeEscalation: false, capabilities: {{drop: [ALL]}}}}
"""


@pytest.fixture(scope="module")
def load(cluster, project, kubectl, demo):
    """A good delivery, and a steady load on it from a namespace of its own."""
    project.document("push")
    name = f"e2e-{uuid.uuid4().hex[:8]}"
    kubectl.ok("create", "namespace", name)
    yield start_load(kubectl, name, demo["v1"], f"front.{NAMESPACE}")
    kubectl.ok("delete", "namespace", name, "--wait=false")


class Bad:
    """A push that went wrong, and its document."""

    def __init__(self, answer):
        assert "Traceback" not in answer.stderr, answer.stderr
        self.exit, self.stderr = answer.exit, answer.stderr
        self.document = json.loads(answer.stdout)

    @property
    def judged(self) -> float:
        """When the verdict fell (seconds since the epoch)."""
        return _step(self, "rollout")


@pytest.fixture
def broken(project, load, kubectl):
    """Delivers with a fault and expects it to be bad; the manifests are as before afterwards."""
    good, start = project.read(OVERLAY), project.git("rev-parse", "HEAD")
    before = served(kubectl)

    def deliver(fault: Fault, resource: str = "", **settings: str) -> Bad:
        text = good.replace("resources:\n", f"resources:\n{resource}", 1)
        project.commit(OVERLAY, faults.in_container(FRONT, fault)(text))
        with load.during() as tally:
            bad = Bad(project.inv("push", "--json", **settings))
        assert (tally.failed, tally.sent > 50) == (0, True), tally.failures
        assert served(kubectl)["version"] == before["version"]
        return bad

    yield deliver
    project.git("reset", "--quiet", "--hard", start)


def restored(kubectl, bad: Bad, fault: Fault) -> dict:
    """The first finding of a bad push whose old version is back."""
    assert (bad.exit, bad.document["verdict"]) == (EXIT_CODES[fault.reason], fault.reason), bad.document
    assert bad.document["undone"]["status"] == "restored", bad.document["undone"]
    status = front(kubectl)["status"]
    assert status["updatedReplicas"] == status["replicas"] == status["availableReplicas"]
    return bad.document["findings"][0]


def test_a_tag_that_is_missing_is_named_within_seconds(broken, cluster, kubectl):
    fault = faults.missing_image(cluster.registry)
    bad = broken(fault)
    finding = restored(kubectl, bad, fault)
    assert "no-such-image@sha256:1" in finding["text"] and finding["workload"] == "deployment/front"
    assert any("Failed to pull image" in line for line in finding["events"])
    pod = f"involvedObject.name={finding['pod']},reason=Failed"
    events = json.loads(kubectl.ok("-n", NAMESPACE, "get", "events", "--field-selector", pod, "-o", "json"))
    first = min(datetime.fromisoformat(one["firstTimestamp"]).timestamp() for one in events["items"])
    assert bad.judged - first <= PROMPT


def test_a_key_that_its_secret_lacks_is_named(broken, kubectl):
    bad = broken(MISSING_KEY)
    finding = restored(kubectl, bad, MISSING_KEY)
    assert f"couldn't find key nosuch in Secret {NAMESPACE}/redis-auth" in finding["text"]
    applying = next(one for one in bad.document["steps"] if one["name"] == "apply")
    assert bad.judged - _moment(applying["started"]) <= PROMPT


def test_what_is_never_ready_is_bad_at_the_configured_deadline(broken, kubectl):
    bad = broken(NEVER_WELL, INVOKE_DEADLINE="8")
    finding = restored(kubectl, bad, NEVER_WELL)
    assert "404" in finding["text"]
    assert 8 <= bad.judged - _step(bad, "apply") <= PROMPT


def test_two_broken_workloads_are_one_report_at_the_time_of_the_slower(broken, project, kubectl):
    (project.repo / "manifests/overlays/dev/second.yaml").write_text(SECOND)
    project.git("add", ".")
    bad = broken(faults.CRASH_LOOP, "  - second.yaml\n")
    finding = restored(kubectl, bad, faults.CRASH_LOOP)
    logs = {entry["workload"]: entry["log"] for entry in bad.document["findings"]}
    loud = f"\\x1b[31m{'0' * (MOST - 8)}… (1008 characters)"
    assert logs == {"deployment/front": ["boom: cannot start"], "deployment/second": [loud]}
    assert finding["exit_code"] == 3
    assert bad.judged - _step(bad, "apply") <= PROMPT
    assert "NotFound" in kubectl("-n", NAMESPACE, "get", "deployment", "second").stderr


def test_one_crash_and_then_ready_is_a_success(project, load, kubectl):
    good, start = project.read(OVERLAY), project.git("rev-parse", "HEAD")
    once = Fault("once", SMOKE_FAILED, ONCE)
    project.commit(OVERLAY, faults.in_container(FRONT, once)(good))
    outcome = project.document("push")["outcome"]
    project.go_on_from(start)
    pods = json.loads(kubectl.ok("-n", NAMESPACE, "get", "pods", "-o", "json"))["items"]
    restarts = [one["status"]["containerStatuses"][0]["restartCount"] for one in pods if _is_new(one)]
    assert served(kubectl)["version"] == outcome["served"]["version"] and restarts == [1]


def test_a_smoke_test_that_fails_is_a_bad_verdict(broken, project, kubectl):
    settings = project.read("invoke.yaml")
    checks = (
        "smoke:\n  - {path: /nosuch, deadline: 1}\n  - {path: /version, text: no such words, deadline: 1}\n"
    )
    project.commit("invoke.yaml", settings.replace("smoke:\n", checks, 1))
    harmless = Fault("smoke", SMOKE_FAILED, {"command": ["python3", "-m", "vote"]})
    finding = restored(kubectl, broken(harmless), harmless)
    assert finding["text"] == "GET /nosuch through service/front port http: 404 (wanted 200), for 1 s"


def test_a_wreck_can_be_kept_studied_and_undone_by_hand(project, load, cluster, kubectl):
    good, start = project.read(OVERLAY), project.git("rev-parse", "HEAD")
    before = served(kubectl)["version"]
    project.commit(OVERLAY, faults.in_container(FRONT, faults.missing_image(cluster.registry))(good))
    left = project.inv("push", "--no-undo")
    assert left.exit == EXIT_CODES["image-not-found"] and "It is left as it is" in left.stderr
    assert front(kubectl)["spec"]["template"]["spec"]["containers"][0]["image"].startswith(
        f"{cluster.registry}/no-such-image:1@"
    )
    project.git("reset", "--quiet", "--hard", start)
    number = project.document("push.undo")["number"]
    rows = project.document("push.history")
    assert [row["verdict"].partition(" (back to ")[0] for row in rows[:2]] == ["good", "image-not-found"]
    assert rows[0]["revision"] == number and rows[0]["who"] and rows[0]["commit"]
    assert served(kubectl)["version"] == before


def test_what_is_not_in_the_history_is_refused_and_changes_nothing(project, load, kubectl):
    before = front(kubectl)["metadata"]["generation"]
    for number, words in {"999": "has no revision 999", "1;x": "'1;x' is no revision's number"}.items():
        answer = project.inv("push.undo", "--to", number)
        assert answer.exit == 1 and words in answer.stderr and "Traceback" not in answer.stderr
    nowhere = project.inv("push.undo", "--env", "production")
    assert nowhere.exit == 1 and "no earlier good delivery to go back to" in nowhere.stderr
    assert front(kubectl)["metadata"]["generation"] == before


def _step(bad: Bad, name: str) -> float:
    """When a step ended."""
    step = next(one for one in bad.document["steps"] if one["name"] == name)
    return _moment(step["started"]) + step["seconds"]


def _moment(text: str) -> float:
    """RFC 3339 -> seconds since the epoch."""
    return datetime.fromisoformat(text).timestamp()


def _is_new(pod: dict) -> bool:
    return (
        "command" in pod["spec"]["containers"][0]
        and pod["metadata"]["labels"].get("app.kubernetes.io/name") == "front"
        and "deletionTimestamp" not in pod["metadata"]
    )
