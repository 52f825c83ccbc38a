"""Jobs among what is delivered: one that removes itself at its end, and one that needed a second pod."""

import json

import pytest

from aks_flow.rehearsal.scenarios.drills import faults
from aks_flow.rollout.verdict.reasons import EXIT_CODES
from tests.e2e.push.conftest import NAMESPACE
from tests.e2e.push.test_push import served

SECURE = """securityContext:
        {runAsNonRoot: true, runAsUser: 10001, fsGroup: 10001, seccompProfile: {type: RuntimeDefault}}"""
CONTAINER = "securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}"
GONE_AT_ONCE = f"""apiVersion: batch/v1
kind: Job
metadata: {{name: clean, annotations: {{argocd.argoproj.io/sync-wave: "-1"}}}}
spec:
  ttlSecondsAfterFinished: 0
  template:
    spec:
      restartPolicy: Never
      {SECURE}
      containers: [{{name: clean, image: front, command: ["true"], {CONTAINER}}}]
"""
SECOND_POD = f"""apiVersion: v1
kind: PersistentVolumeClaim
metadata: {{name: once}}
spec: {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Mi}}}}}}
---
apiVersion: batch/v1
kind: Job
metadata: {{name: twice}}
spec:
  template:
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: 1 # sleep hears no signal
      {SECURE}
      volumes: [{{name: data, persistentVolumeClaim: {{claimName: once}}}}]
      initContainers:
        - {{name: proxy, image: front, restartPolicy: Always, command: [sleep, infinity], {CONTAINER}}}
      containers:
        - name: twice
          image: front
          command: [sh, -c, "[ -e /data/once ] || {{ touch /data/once; exit 1; }}"]
          volumeMounts: [{{name: data, mountPath: /data}}]
          {CONTAINER}
"""


AFTER = f"""apiVersion: batch/v1
kind: Job
metadata: {{name: smoke, annotations: {{argocd.argoproj.io/hook: PostSync}}}}
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      {SECURE}
      containers: [{{name: smoke, image: front, command: [sh, -c, "COMMAND"], {CONTAINER}}}]
"""


@pytest.mark.parametrize("job", [GONE_AT_ONCE, SECOND_POD], ids=["it removes itself", "a second pod"])
def test_a_job_that_ended_well_is_done(project, changed, kubectl, job):
    changed(faults.with_resources("job.yaml"), job=job)
    answer = project.inv("push", "--json")
    assert answer.exit == 0, answer
    assert json.loads(answer.stdout)["outcome"]["served"]["version"] == served(kubectl)["version"]
    for name in ("job/twice", "pvc/once"):
        kubectl("-n", NAMESPACE, "delete", name, "--ignore-not-found", "--wait=false")


def test_a_job_after_the_delivery_is_a_test_of_what_runs(project, changed, kubectl):
    changed(faults.with_resources("job.yaml"), job=AFTER.replace("COMMAND", "echo well"))
    good = project.inv("push", "--json")
    assert good.exit == 0, good
    runs = served(kubectl)["version"]
    assert runs == json.loads(good.stdout)["outcome"]["served"]["version"]
    failing = AFTER.replace("COMMAND", "echo no vote counts; exit 7")
    changed(lambda overlay: overlay + "\ncommonAnnotations: {round: second}\n", job=failing)
    bad = project.inv("push", "--json")
    assert bad.exit == EXIT_CODES["crash-loop"], bad.stdout
    [finding] = json.loads(bad.stdout)["findings"]
    assert finding["workload"] == "job/smoke" and "no vote counts" in bad.stderr, bad
    assert served(kubectl)["version"] == runs
    kubectl("-n", NAMESPACE, "delete", "job/smoke", "--wait=false")
