"""Tables of pods and of what runs them."""

from datetime import datetime

from aks_flow.rehearsal.standins.kubernetes.apimachinery.times import parse, seconds_since
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.printers.columns import table
from aks_flow.rehearsal.standins.kubernetes.printers.pod_status import summarize
from aks_flow.rehearsal.standins.kubernetes.printers.values import (
    NONE,
    age,
    condition,
    containers,
    duration,
    labels,
    selector,
    since,
    spec,
    status,
)

_RUNS = ("+Containers", "+Images")
_SELECTS = (*_RUNS, "+Selector")
_JOB_STATES = ("Suspended", "FailureTarget", "SuccessCriteriaMet")


def pod(item: dict, now: datetime) -> list:
    summary = summarize(item)
    ready, restarts = f"{summary.ready}/{summary.total}", summary.restarts_text(now)
    address = status(item).get("podIP") or NONE
    gates = spec(item).get("readinessGates") or ()
    passed = sum(condition(item, gate.get("conditionType")) for gate in gates)
    gates_text = f"{passed}/{len(gates)}" if gates else NONE
    node, nominated = spec(item).get("nodeName") or NONE, status(item).get("nominatedNodeName") or NONE
    return [ready, summary.reason, restarts, age(item, now), address, node, nominated, gates_text]


def deployment(item: dict, now: datetime) -> list:
    state = status(item)
    ready = f"{state.get('readyReplicas', 0)}/{spec(item).get('replicas', 0)}"
    counts = [state.get("updatedReplicas", 0), state.get("availableReplicas", 0)]
    runs = containers(spec(item).get("template"))
    return [ready, *counts, age(item, now), *runs, selector(spec(item).get("selector"))]


def replica_set(item: dict, now: datetime) -> list:
    return [*_replicas(item), age(item, now), *_runs(item), selector(spec(item).get("selector"))]


def replication_controller(item: dict, now: datetime) -> list:
    return [*_replicas(item), age(item, now), *_runs(item), labels(spec(item).get("selector"))]


def stateful_set(item: dict, now: datetime) -> list:
    ready = f"{status(item).get('readyReplicas', 0)}/{spec(item).get('replicas', 0)}"
    return [ready, age(item, now), *_runs(item)]


def daemon_set(item: dict, now: datetime) -> list:
    fields = ("desiredNumberScheduled", "currentNumberScheduled", "numberReady")
    fields += ("updatedNumberScheduled", "numberAvailable")
    counts = [status(item).get(field, 0) for field in fields]
    nodes = labels(((spec(item).get("template") or {}).get("spec") or {}).get("nodeSelector"))
    return [*counts, nodes, age(item, now), *_runs(item), selector(spec(item).get("selector"))]


def job(item: dict, now: datetime) -> list:
    done, completions_wanted = status(item).get("succeeded", 0), spec(item).get("completions")
    parallel = spec(item).get("parallelism") or 0
    completions = f"{done}/{completions_wanted}" if completions_wanted is not None else f"{done}/1"
    if completions_wanted is None and parallel > 1:
        completions += f" of {parallel}"
    shown = [_job_state(item), completions, _job_duration(item, now), age(item, now)]
    return [*shown, *_runs(item), selector(spec(item).get("selector"))]


def cron_job(item: dict, now: datetime) -> list:
    given = spec(item)
    last = status(item).get("lastScheduleTime")
    runs = containers(((given.get("jobTemplate") or {}).get("spec") or {}).get("template"))
    suspended, active = str(bool(given.get("suspend"))), len(status(item).get("active") or ())
    zone, last_text = given.get("timeZone") or NONE, since(last, now) if last else NONE
    return [given.get("schedule", ""), zone, suspended, active, last_text, age(item, now), *runs, NONE]


def _replicas(item: dict) -> list[int]:
    state = status(item)
    return [spec(item).get("replicas", 0), state.get("replicas", 0), state.get("readyReplicas", 0)]


def _runs(item: dict) -> list[str]:
    return containers(spec(item).get("template"))


def _job_state(item: dict) -> str:
    if condition(item, "Complete"):
        return "Complete"
    if condition(item, "Failed"):
        return "Failed"
    if item["metadata"].get("deletionTimestamp"):
        return "Terminating"
    return next((state for state in _JOB_STATES if condition(item, state)), "Running")


def _job_duration(item: dict, now: datetime) -> str:
    started, completed = status(item).get("startTime"), status(item).get("completionTime")
    if not started:
        return ""
    return duration(seconds_since(started, parse(completed) if completed else now))


TABLES = {
    kinds.POD: table(
        pod, "Ready", "Status", "Restarts", "Age", "+IP", "+Node", "+Nominated Node", "+Readiness Gates"
    ),
    kinds.DEPLOYMENT: table(deployment, "Ready", "Up-to-date", "Available", "Age", *_SELECTS),
    kinds.REPLICA_SET: table(
        replica_set, "Desired:integer", "Current:integer", "Ready:integer", "Age", *_SELECTS
    ),
    kinds.REPLICATION_CONTROLLER: table(
        replication_controller, "Desired:integer", "Current:integer", "Ready:integer", "Age", *_SELECTS
    ),
    kinds.STATEFUL_SET: table(stateful_set, "Ready", "Age", *_RUNS),
    kinds.DAEMON_SET: table(
        daemon_set, "Desired:integer", "Current:integer", "Ready:integer", "Up-to-date:integer",
        "Available:integer", "Node Selector", "Age", *_SELECTS,
    ),
    kinds.JOB: table(job, "Status", "Completions", "Duration", "Age", *_SELECTS),
    kinds.CRON_JOB: table(
        cron_job, "Schedule", "Timezone", "Suspend:boolean", "Active:integer", "Last Schedule", "Age",
        *_SELECTS,
    ),
}  # fmt: skip
