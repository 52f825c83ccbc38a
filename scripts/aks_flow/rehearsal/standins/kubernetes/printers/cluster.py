"""Tables of nodes, namespaces, events and leases."""

from datetime import datetime

from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.printers.columns import table, table_with_name_last
from aks_flow.rehearsal.standins.kubernetes.printers.values import (
    NONE,
    UNKNOWN,
    age,
    joined,
    since,
    spec,
    status,
)

_ROLE = "node-role.kubernetes.io/"


def node(item: dict, now: datetime) -> list:
    info = status(item).get("nodeInfo") or {}
    fields = ("osImage", "kernelVersion", "containerRuntimeVersion")
    addresses = [_address(item, kind) for kind in ("InternalIP", "ExternalIP")]
    shown = [_readiness(item), _roles(item), age(item, now), info.get("kubeletVersion", "")]
    return [*shown, *addresses, *(info.get(field) or UNKNOWN for field in fields)]


def namespace(item: dict, now: datetime) -> list:
    return [status(item).get("phase", ""), age(item, now)]


def event(item: dict, now: datetime) -> list:
    involved, source = item.get("involvedObject") or {}, item.get("source") or {}
    component = source.get("component") or item.get("reportingComponent", "")
    where = source.get("host", "") if source.get("component") else item.get("reportingInstance", "")
    return _event_cells(item, now, involved, f"{component}, {where}" if where else component, "message")


def new_event(item: dict, now: datetime) -> list:
    """The same event in events.k8s.io, whose fields have other names."""
    renamed = {
        "firstTimestamp": item.get("deprecatedFirstTimestamp"),
        "lastTimestamp": item.get("deprecatedLastTimestamp"),
        "count": item.get("deprecatedCount"),
    }
    where = item.get("reportingInstance", "")
    source = ", ".join(filter(None, (item.get("reportingController", ""), where)))
    return _event_cells(item | renamed, now, item.get("regarding") or {}, source, "note")


def lease(item: dict, now: datetime) -> list:
    return [spec(item).get("holderIdentity", ""), age(item, now)]


def _event_cells(item: dict, now: datetime, involved: dict, source: str, text: str) -> list:
    first = item.get("firstTimestamp") or item.get("eventTime")
    last, count = item.get("lastTimestamp") or item.get("eventTime"), item.get("count") or 1
    if series := item.get("series"):
        last, count = series.get("lastObservedTime"), series.get("count", 0)
    seen = [since(last, now), item.get("type", ""), item.get("reason", "")]
    subject = f"{involved.get('kind', '').lower()}/{involved.get('name', '')}"
    message = (item.get(text) or "").strip()
    return [*seen, subject, involved.get("fieldPath", ""), source, message, since(first, now), count]


def _readiness(item: dict) -> str:
    conditions = status(item).get("conditions") or ()
    ready = next(
        (condition.get("status") for condition in conditions if condition.get("type") == "Ready"), "Unknown"
    )
    text = {"True": "Ready", "False": "NotReady"}.get(ready, "Unknown")
    return f"{text},SchedulingDisabled" if spec(item).get("unschedulable") else text


def _roles(item: dict) -> str:
    names = (item["metadata"].get("labels") or {}).keys()
    return joined(sorted(name.removeprefix(_ROLE) for name in names if name.startswith(_ROLE)))


def _address(item: dict, kind: str) -> str:
    matching = (
        address.get("address")
        for address in status(item).get("addresses") or ()
        if address.get("type") == kind
    )
    return next(matching, NONE)


_EVENT = (
    "Last Seen",
    "Type",
    "Reason",
    "Object",
    "+Subobject",
    "+Source",
    "Message",
    "+First Seen",
    "+Count",
)
TABLES = {
    kinds.EVENT: table_with_name_last(event, *_EVENT),
    kinds.NEW_EVENT: table_with_name_last(new_event, *_EVENT),
    kinds.NODE: table(
        node, "Status", "Roles", "Age", "Version",
        "+Internal-IP", "+External-IP", "+OS-Image", "+Kernel-Version", "+Container-Runtime",
    ),
    kinds.NAMESPACE: table(namespace, "Status", "Age"),
    kinds.LEASE: table(lease, "Holder", "Age"),
}  # fmt: skip
