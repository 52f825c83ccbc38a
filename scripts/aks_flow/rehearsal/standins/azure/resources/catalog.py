"""Every resource type and action that the rehearsal's Azure has: what the modules of this folder bring."""

import pkgutil
from importlib import import_module
from pathlib import Path

_FOLDER = Path(__file__).parent
MODULES = [
    import_module(f"{__package__}.{module.name}")
    for module in pkgutil.iter_modules([str(_FOLDER)])
    if module.name != Path(__file__).stem
]

RESOURCE_TYPES = {
    resource_type.type.lower(): resource_type for module in MODULES for resource_type in module.RESOURCE_TYPES
}
ACTIONS = {name.lower(): action for module in MODULES for name, action in module.ACTIONS.items()}
