"""Every resource type and action that the rehearsal's Azure has; a new module is one more line."""

from scripts.rehearsal.azure.resources import (
    agent_pools,
    builds,
    cluster_credentials,
    clusters,
    extensions,
    federated,
    groups,
    identities,
    imports,
    operations,
    providers,
    registries,
    roles,
    run_command,
    subscriptions,
)

MODULES = (
    agent_pools,
    builds,
    cluster_credentials,
    clusters,
    extensions,
    federated,
    groups,
    identities,
    imports,
    operations,
    providers,
    registries,
    roles,
    run_command,
    subscriptions,
)

KINDS = {kind.type.lower(): kind for module in MODULES for kind in module.KINDS}
ACTIONS = {name.lower(): action for module in MODULES for name, action in module.ACTIONS.items()}
