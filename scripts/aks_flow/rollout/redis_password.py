"""Redis's password: made once in each namespace, and never in git."""

import json
import secrets

from aks_flow.core.command import Secret
from aks_flow.core.runner import Runner
from aks_flow.tools.kubectl import Kubectl, apply, create, get, resources

SECRET, KEY = "redis-auth", "password"  # what the manifests refer to
BYTES = 24  # of randomness


def create_secret(run: Runner, cluster: Kubectl) -> None:
    """Make the Secret in the cluster's namespace; the namespace must exist, the Secret must not."""
    run.run(create.secret(cluster, resources.opaque_secret(cluster.namespace, SECRET, {KEY: fresh()})))


def fresh() -> Secret:
    return Secret(secrets.token_urlsafe(BYTES))


def ensure(run: Runner, cluster: Kubectl, vault: str = "") -> bool:
    """Namespace and Secret, whatever of the two is missing; True if the Secret was made now.

    vault: the name of the vault that the password comes from, "" for none: its driver makes the Secret.
    """
    namespace, secret = f"namespace/{cluster.namespace}", f"secret/{SECRET}"
    present = run.run(get.existing(cluster, namespace, secret)).text.split()
    if namespace not in present:
        run.run(apply.manifest(cluster, json.dumps(resources.namespace(cluster.namespace))))
    if secret in present or vault:
        return False
    create_secret(run, cluster)
    return True
