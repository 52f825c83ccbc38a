"""What a cluster's add-ons bring. The Secrets Store driver itself is a part of the rehearsal's kubelet.

The add-on brings the driver's identity and the definition of its objects.
"""

import asyncio
import http.client
import json
import logging
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from aks_flow.rehearsal.standins.azure.aks import cluster_connection
from aks_flow.rehearsal.standins.azure.arm import background_work
from aks_flow.rehearsal.standins.azure.arm.call import Call
from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.resources import identities
from aks_flow.rehearsal.standins.azure.store import Document

log = logging.getLogger(__name__)
_DRIVER = "azureKeyvaultSecretsProvider"
_DEFINITION = Path(__file__).with_name("secret-provider-class.yaml")
_DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


def switch(call: Call, settings: Document) -> None:
    """Give the driver what it needs, when it is enabled."""
    addon = (settings.get("addonProfiles") or {}).get(_DRIVER) or {}
    if not addon.get("enabled") or addon.get("identity"):
        return
    group = f"/subscriptions/{call.path.subscription}/resourceGroups/{settings['nodeResourceGroup']}"
    name = f"{_DRIVER.lower()}-{call.path.name}"
    addon["identity"] = identities.make(call.cloud, group, name, call.body.get("location") or "westeurope")
    background_work.beside(asyncio.to_thread(_define, call.cloud))


def _define(cloud: Cloud) -> None:
    """Create the definition in the rehearsal's cluster, unless it is there."""
    behind = cluster_connection.read(cloud.backends.kubeconfig)
    address = urlsplit(behind.server)
    connection = http.client.HTTPSConnection(address.hostname, address.port, timeout=10, context=behind.tls)
    try:
        body = json.dumps(yaml.safe_load(_DEFINITION.read_text()))
        headers = {**behind.headers, "Content-Type": "application/json"}
        connection.request("POST", _DEFINITIONS, body, headers)
        answer = connection.getresponse()
        if answer.status not in (201, 409):
            log.error("%s: %s", _DEFINITION.name, answer.read()[:500])
    finally:
        connection.close()
