"""An environment's namespace, and the Secrets that are in no manifest: made before Argo CD needs them."""

import json

from aks_flow.core.config import Config
from aks_flow.core.config.secrets import EXISTING, GENERATED
from aks_flow.core.runner import Runner
from aks_flow.rollout import namespace_secrets
from aks_flow.rollout.namespace_secrets import SecretLack
from aks_flow.tools.kubectl import Kubectl, get, resources


def ensure(run: Runner, cluster: Kubectl, config: Config) -> tuple[SecretLack, ...]:
    """Make the namespace and what a delivery would make of its Secrets; gives what others have to make."""
    namespace = f"namespace/{cluster.namespace}"
    asked = get.existing_in_detail(cluster, namespace, *namespace_secrets.refs(config))
    present = get.parse_existing(run.run(asked).text)
    if namespace not in present:
        manifest = json.dumps(resources.namespace(cluster.namespace))
        namespace_secrets.make_namespace(run, cluster, manifest)
    keys = namespace_secrets.keys_of(present)
    namespace_secrets.make(run, cluster, namespace_secrets.lacks(config.secrets_from(GENERATED), keys))
    return namespace_secrets.lacks(config.secrets_from(EXISTING), keys)
