"""What is wrong with the configuration, with the path of the key, as in ``targets.cluster.registrry``."""

from collections.abc import Container

from aks_flow.core.errors import AksFlowError
from aks_flow.core.project import FILE

CORRECT = f"Correct it in {FILE}."


class ConfigError(AksFlowError):
    """Something in invoke.yaml, or in an INVOKE_* variable, is not what it must be."""


class ConfigFault(Exception):
    """What is wrong with the value of a key. path: dotted, as in ``targets.cluster.registry``."""

    def __init__(self, path: str, what: str, next_step: str = CORRECT):
        super().__init__(what)
        self.path, self.what, self.next_step = path, what, next_step

    def error(self, variables: Container[str]) -> ConfigError:
        """The error as a person reads it; variables: as of `load`."""
        where, step, variable = FILE, self.next_step, variable_of(self.path)
        if variable in variables:
            where, step = variable, "Correct or unset it."
        return ConfigError(f"`{self.path}` {self.what}", where=where, next_step=step)


def variable_of(path: str) -> str:
    """``targets.cluster.registry`` -> the variable that sets it."""
    return f"INVOKE_{path.upper().replace('.', '_')}"
