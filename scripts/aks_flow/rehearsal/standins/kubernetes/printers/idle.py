"""Tables of the kinds that have little effect or none: a column is a name and what an object shows there."""

from collections.abc import Callable
from datetime import datetime

from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.printers.columns import Table, table
from aks_flow.rehearsal.standins.kubernetes.printers.values import NONE, UNSET, age, spec, status

Show = Callable[[dict], object]


def _at(path: str, nothing: object = "") -> Show:
    """What lies at a dotted path; ``nothing`` if that is absent or empty."""

    def show(item: dict) -> object:
        value: object = item
        for step in path.split("."):
            value = value.get(step) if isinstance(value, dict) else None
        return nothing if value in (None, "", []) else value

    return show


def _count(path: str) -> Show:
    return lambda item: len(_at(path, ())(item))


def _joined(path: str, key: str = "") -> Show:
    def show(item: dict) -> str:
        entries = _at(path, ())(item)
        return ",".join(entry.get(key, "") if key else entry for entry in entries) or NONE

    return show


def _service(item: dict) -> str:
    given = spec(item).get("service") or {}
    return f"{given.get('namespace')}/{given.get('name')}" if given else "Local"


def _condition(kind: str) -> Show:
    def show(item: dict) -> str:
        matching = (
            condition for condition in status(item).get("conditions") or () if condition.get("type") == kind
        )
        return next((condition.get("status", "") for condition in matching), "Unknown")

    return show


def _requests(item: dict) -> str:
    """Approved, Denied, … as far as a certificate request got."""
    kinds = [condition.get("type", "") for condition in status(item).get("conditions") or ()]
    return ",".join([*kinds, *(["Issued"] if status(item).get("certificate") else [])]) or "Pending"


def _claim(item: dict) -> str:
    if not status(item).get("allocation"):
        return "pending"
    return "allocated,reserved" if status(item).get("reservedFor") else "allocated"


_WEBHOOKS = {"Webhooks:integer": _count("webhooks")}
_POLICY = {"ParamKind": _at("spec.paramKind.kind", UNSET)}
_BINDING = {"PolicyName": _at("spec.policyName"), "ParamRef": _at("spec.paramRef.name", UNSET)}
_LIMITED = "spec.limited.limitResponse.queuing"
_COLUMNS: dict[str, dict[str, Show]] = {
    "MutatingWebhookConfiguration": _WEBHOOKS,
    "ValidatingWebhookConfiguration": _WEBHOOKS,
    "ValidatingAdmissionPolicy": {"Validations:integer": _count("spec.validations")} | _POLICY,
    "MutatingAdmissionPolicy": {"Mutations:integer": _count("spec.mutations")} | _POLICY,
    "ValidatingAdmissionPolicyBinding": _BINDING,
    "MutatingAdmissionPolicyBinding": _BINDING,
    "APIService": {"Service": _service, "Available": _condition("Available")},
    "FlowSchema": {
        "PriorityLevel": _at("spec.priorityLevelConfiguration.name", NONE),
        "MatchingPrecedence:integer": _at("spec.matchingPrecedence", 0),
        "DistinguisherMethod": _at("spec.distinguisherMethod.type", NONE),
    },
    "PriorityLevelConfiguration": {
        "Type": _at("spec.type", NONE),
        "NominalConcurrencyShares": _at("spec.limited.nominalConcurrencyShares", NONE),
        "Queues": _at(f"{_LIMITED}.queues", NONE),
        "HandSize": _at(f"{_LIMITED}.handSize", NONE),
        "QueueLengthLimit": _at(f"{_LIMITED}.queueLengthLimit", NONE),
    },
    "IPAddress": {"ParentRef": _at("spec.parentRef.name", NONE)},
    "ServiceCIDR": {"CIDRs": _joined("spec.cidrs")},
    "RuntimeClass": {"Handler": _at("handler")},
    "DeviceClass": {},
    "ResourceClaim": {"State": _claim},
    "ResourceClaimTemplate": {},
    "ResourceSlice": {
        "Node": _at("spec.nodeName", NONE),
        "Driver": _at("spec.driver", NONE),
        "Pool": _at("spec.pool.name", NONE),
    },
    "CSIDriver": {
        "AttachRequired:boolean": _at("spec.attachRequired", True),
        "PodInfoOnMount:boolean": _at("spec.podInfoOnMount", False),
        "StorageCapacity:boolean": _at("spec.storageCapacity", False),
        "TokenRequests": _joined("spec.tokenRequests", "audience"),
        "RequiresRepublish:boolean": _at("spec.requiresRepublish", False),
        "Modes": _joined("spec.volumeLifecycleModes"),
    },
    "CSINode": {"Drivers:integer": _count("spec.drivers")},
    "VolumeAttachment": {
        "Attacher": _at("spec.attacher"),
        "PV": _at("spec.source.persistentVolumeName"),
        "Node": _at("spec.nodeName"),
        "Attached:boolean": _at("status.attached", False),
    },
    "VolumeAttributesClass": {"DriverName": _at("driverName")},
}
_CERTIFICATES = {
    "SignerName": _at("spec.signerName"),
    "Requestor": _at("spec.username"),
    "RequestedDuration": _at("spec.expirationSeconds", NONE),
    "Condition": _requests,
}


def _with_age(columns: dict[str, Show]) -> Table:
    def cells(item: dict, now: datetime) -> list:
        return [*(show(item) for show in columns.values()), age(item, now)]

    return table(cells, *columns, "Age")


def _age_first(columns: dict[str, Show]) -> Table:
    def cells(item: dict, now: datetime) -> list:
        return [age(item, now), *(show(item) for show in columns.values())]

    return table(cells, "Age", *columns)


_KINDS = {kind.kind: kind for kind in kinds.BUILTIN}
TABLES = {_KINDS[name]: _with_age(columns) for name, columns in _COLUMNS.items()}
TABLES[_KINDS["CertificateSigningRequest"]] = _age_first(_CERTIFICATES)
