"""Every resource type and action that the rehearsal's Azure has; a new module is one more line."""

from scripts.rehearsal.azure.resources import (
    groups,
    operations,
    providers,
    subscriptions,
)

MODULES = (
    groups,
    operations,
    providers,
    subscriptions,
)

KINDS = {kind.type.lower(): kind for module in MODULES for kind in module.KINDS}
ACTIONS = {name.lower(): action for module in MODULES for name, action in module.ACTIONS.items()}
