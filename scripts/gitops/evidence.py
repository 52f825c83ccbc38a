"""What a person looks at first when pods do not become ready: reasons, events, last log lines."""

import json

from scripts.gitops import workload
from scripts.gitops.workload import Pod
from scripts.runner import Runner
from scripts.tools.kubectl import Kubectl

_PODS, _EVENTS, _LINES = 3, 5, 10


def collect(run: Runner, cluster: Kubectl, app: str) -> str:
    """Of the namespace's first pods that are not ready: an indented text, "" if all are."""
    items = json.loads(run.run(cluster.get_all("pods")).stdout)["items"]
    pods = [workload.pod(item, app) for item in items]
    failing = [pod for pod in pods if not pod.ready][:_PODS]
    return "\n".join(line for pod in failing for line in _about(run, cluster, pod))


def _about(run: Runner, cluster: Kubectl, pod: Pod) -> list[str]:
    events = run.run(cluster.events_of(pod.name)).text.splitlines()[1:][-_EVENTS:]
    return [
        f"pod {pod.name} ({pod.image.tag or pod.image})",
        *(f"    {text}" for text in pod.troubles),
        *(f"    event: {' '.join(line.split())}" for line in events),
        *(f"    log: {line}" for line in _last_lines(run, cluster, pod)),
    ]


def _last_lines(run: Runner, cluster: Kubectl, pod: Pod) -> list[str]:
    """Of the container before its last restart if there was one, since that one says why it ended."""
    for previous in (True, False):
        answer = run.run(cluster.last_lines(pod.name, pod.container, _LINES, previous))
        if answer.code == 0 and answer.text.strip():
            return answer.text.splitlines()
    return []
