"""Kubernetes events about Applications."""

import logging
import secrets

from aks_flow.rehearsal.standins.argocd import names
from aks_flow.rehearsal.standins.argocd.api import ClusterApi
from aks_flow.rehearsal.standins.kubernetes.apimachinery import times

log = logging.getLogger(__name__)

_COMPONENT = "argocd-application-controller"


async def record(api: ClusterApi, application: dict, reason: str, message: str, kind: str = "Normal") -> None:
    log.info("%s: %s: %s", application["metadata"]["name"], reason, message)
    metadata, now = application["metadata"], times.stamp(times.now())
    event = {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {
            "name": f"{metadata['name']}.{secrets.token_hex(8)}",
            "namespace": metadata["namespace"],
        },
        "involvedObject": {
            "apiVersion": names.API_VERSION,
            "kind": "Application",
            "name": metadata["name"],
            "namespace": metadata["namespace"],
            "uid": metadata["uid"],
            "resourceVersion": metadata["resourceVersion"],
        },
        "reason": reason,
        "message": message,
        "type": kind,
        "count": 1,
        "firstTimestamp": now,
        "lastTimestamp": now,
        "source": {"component": _COMPONENT},
    }
    await api.create(event)
