"""The configuration: invoke.yaml as frozen values, checked whole before the first command.

An unknown key, a missing one or a wrong type is a ConfigError that carries the path of the key,
as in ``targets.cluster.registrry``.
"""

import difflib
import re
import urllib.parse
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, replace
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from aks_flow.core import config_azure
from aks_flow.core.config_azure import Azure
from aks_flow.core.errors import AksFlowError

FILE = "invoke.yaml"
REHEARSAL = "rehearsal"
ADMITS = ("any", "candidate", "final")
LOGINS = ("docker", "azure")
COMMAND_INVOKE = "command-invoke"
_JUMP_HOST = r"[\w.-]+@[\w.-]+(:\d{1,5})?"


class ConfigError(AksFlowError):
    """Something in invoke.yaml, or in an INVOKE_* variable, is not what it must be."""


@dataclass(frozen=True)
class App:
    """The front end: its name in registry and cluster, its build context, its manifests (folders)."""

    name: str
    context: str
    manifests: str


@dataclass(frozen=True)
class ThirdParty:
    """An image that others publish: where it comes from, and the Debian packages that can replace it."""

    source: str
    packages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Environment:
    """One place the app runs: its namespace, and which versions the pull path delivers there by itself.

    The overlay has the environment's name, its Argo CD Application the namespace's.
    ``admits``: ``any``, ``candidate`` (rc and final) or ``final``.
    """

    namespace: str
    admits: str


@dataclass(frozen=True)
class Target:
    """A registry, a cluster, and the git repository that Argo CD reads.

    ``registry`` is host[:port][/path]; ``repository`` a path or URL, "" for the remote ``origin``; an empty
    ``kubeconfig`` or ``context`` means kubectl's own choice. ``login``: who gives the credentials, ``docker``
    (what `docker login` stored) or ``azure``. ``via``: where kubectl runs: "" here, ``user@host[:port]`` on a
    jump host (``kubeconfig`` is a file there), ``command-invoke`` inside the cluster.
    """

    registry: str
    kubeconfig: str = ""
    context: str = ""
    repository: str = ""
    login: str = "docker"
    via: str = ""

    @property
    def registry_host(self) -> str:
        """host[:port] of the registry, without the path."""
        return self.registry.partition("/")[0]


@dataclass(frozen=True)
class GitOps:
    """The branch that CI writes and Argo CD reads, and the namespace of the Application objects."""

    branch: str
    namespace: str


@dataclass(frozen=True)
class Lock:
    """How long a delivery waits for others to end theirs to the same environment, in seconds."""

    wait: int


@dataclass(frozen=True)
class Check:
    """An HTTP check through the app's Service: GET ``path`` answers ``status``, with ``text`` in its body.

    deadline: seconds that it may take to come true.
    """

    path: str
    status: int = 200
    text: str = ""
    deadline: int = 15


@dataclass(frozen=True)
class Canary:
    """steps: the canary's pods at each step, in percent of the old version's.

    seconds: how long each step is observed.
    """

    steps: tuple[int, ...]
    seconds: int


@dataclass(frozen=True)
class Rehearsal:
    """Loopback ports of the stand-in API server and Azure; the registry's is part of its target's address."""

    api_port: int
    azure_port: int


@dataclass(frozen=True)
class Config:
    """All of invoke.yaml. ``root`` is the folder that holds it, and the repository's top."""

    root: Path
    target: str
    app: App
    images: dict[str, ThirdParty]
    environments: dict[str, Environment]
    deadline: int
    lock: Lock
    canary: Canary
    targets: dict[str, Target]
    gitops: GitOps
    azure: Azure
    rehearsal: Rehearsal
    smoke: tuple[Check, ...] = ()

    @property
    def state(self) -> Path:
        """The folder of everything that the rehearsal makes."""
        return self.root / ".rehearsal"

    @property
    def registry_port(self) -> int:
        """The port of the rehearsal's own registry; ConfigError if its target names another place."""
        address = self.targets[REHEARSAL].registry
        match = re.fullmatch(r"localhost:(\d+)", address)
        if not match:
            what = f"the rehearsal's registry is localhost:PORT, not {address!r}"
            where = f"{FILE}: targets.{REHEARSAL}.registry"
            raise ConfigError(what, where=where, next_step="Correct it there.")
        return int(match[1])

    @property
    def destination(self) -> Target:
        """The chosen target, its paths absolute (relative ones start at ``root``, but not on a jump host)."""
        target = self.targets[self.target]
        local = target.repository and "://" not in target.repository and "@" not in target.repository
        return replace(
            target,
            registry=target.registry or self._own_registry(target),
            kubeconfig=target.kubeconfig if target.via else self._absolute(target.kubeconfig),
            repository=self._absolute(target.repository) if local else target.repository,
        )

    def _own_registry(self, target: Target) -> str:
        """Where Azure puts the registry that the section `azure` names; "" if it names none."""
        name = self.azure.registry.name
        return f"{name.lower()}.azurecr.io" if target.login == "azure" and name else ""

    @property
    def vault(self) -> str:
        """The Key Vault that Redis's password comes from at this target; "": deliveries make it."""
        return self.azure.vault if self.destination.login == "azure" else ""

    @property
    def components(self) -> tuple[str, ...]:
        """What the target adds to every overlay: folders of the manifests' components/."""
        return ("password-from-vault",) if self.vault else ()

    @property
    def azure_home(self) -> Path:
        """The folder of the run's own sign-ins to Azure, registry and cluster."""
        return Path(self._absolute(self.azure.home))

    def _absolute(self, path: str) -> str:
        return str(self.root / Path(path).expanduser()) if path else ""

    def environment(self, name: str) -> Environment:
        if name not in self.environments:
            raise ConfigError(f"there is no environment {name!r}", next_step=_choice(name, self.environments))
        return self.environments[name]


def load(data: Mapping[str, Any], root: Path) -> Config:
    """Invoke's merged configuration (without Invoke's own keys) -> Config; ConfigError on the first fault."""
    config = _dataclass({**data, "root": root}, Config, "")
    _check_values(config)
    for at, check in enumerate(config.smoke):
        _check_smoke(f"smoke[{at}]", check)
    if config.target not in config.targets:
        hint = _choice(config.target, config.targets)
        raise ConfigError(f"there is no target {config.target!r}", where=f"{FILE}: target", next_step=hint)
    if not config.destination.registry:
        own = config.destination.login == "azure"
        key = "azure.registry.name" if own else f"targets.{config.target}.registry"
        hint = f"Set it in {FILE}, or set INVOKE_{key.upper().replace('.', '_')}."
        raise ConfigError("a registry is needed", where=f"{FILE}: {key}", next_step=hint)
    return config


def _check_values(config: Config) -> None:
    if config.deadline < 1:
        raise _fault("deadline", "must be at least 1 second")
    if config.lock.wait < 1:
        raise _fault("lock.wait", "must be at least 1 second")
    _check_canary(config.canary)
    for name in ("api_port", "azure_port"):
        if not 0 < getattr(config.rehearsal, name) < 65536:
            raise _fault(f"rehearsal.{name}", "must be a port, 1 to 65535")
    if "python" not in config.images:
        raise _fault("images.python", "is missing")
    for name, environment in config.environments.items():
        if environment.admits not in ADMITS:
            raise _fault(f"environments.{name}.admits", f"must be one of: {', '.join(ADMITS)}")
    for name, target in config.targets.items():
        _check_target(f"targets.{name}", target)
    for path, what in config_azure.faults(config.azure):
        raise _fault(f"azure.{path}", what)


def _check_target(path: str, target: Target) -> None:
    if target.login not in LOGINS:
        raise _fault(f"{path}.login", f"must be one of: {', '.join(LOGINS)}")
    if target.via == COMMAND_INVOKE and (target.kubeconfig or target.context):
        raise _fault(
            f"{path}.via", "runs kubectl inside the cluster: `kubeconfig` and `context` must be empty"
        )
    if target.via and target.via != COMMAND_INVOKE and not re.fullmatch(_JUMP_HOST, target.via):
        raise _fault(f"{path}.via", f"must be {COMMAND_INVOKE} or user@host[:port], not {target.via!r}")


def _check_canary(canary: Canary) -> None:
    rising = list(canary.steps) == sorted(set(canary.steps))
    if not canary.steps or not rising or not all(0 < step <= 100 for step in canary.steps):
        raise _fault("canary.steps", "must be rising percentages, 1 to 100")
    if canary.seconds < 0:
        raise _fault("canary.seconds", "must not be negative")


def _check_smoke(key: str, check: Check) -> None:
    """The path must stay within the Service: no other host, and no way up the API server's proxy."""
    path = urllib.parse.unquote(check.path.partition("?")[0])
    plain = re.fullmatch(r"/[^\s#\\]*", check.path) and not re.search(r"//|\\|[\x00-\x1f]", path)
    if not plain or ".." in path.split("/"):
        step = "Give a path of the app's Service, such as /readyz."
        raise _fault(f"{key}.path", f"leads outside the Service: {check.path!r}", step)
    if not 100 <= check.status <= 599:
        raise _fault(f"{key}.status", "must be an HTTP status, 100 to 599")
    if check.text and not 200 <= check.status <= 299:
        raise _fault(f"{key}.text", "can be asked for with a status of 2xx only")
    if check.deadline < 1:
        raise _fault(f"{key}.deadline", "must be at least 1 second")


def _dataclass(data: Any, cls: type, path: str) -> Any:
    if not isinstance(data, Mapping):
        raise _fault(path, f"must be a mapping, not {_name(data)}")
    types = get_type_hints(cls)
    for key in data:
        if key not in types:
            raise _fault(_join(path, key), "is not a known key", _choice(str(key), types))
    required = {field.name for field in fields(cls) if field.default is MISSING}
    for key in sorted(required - set(data)):
        raise _fault(_join(path, key), "is missing")
    return cls(**{key: _value(value, types[key], _join(path, key)) for key, value in data.items()})


def _value(value: Any, wanted: Any, path: str) -> Any:
    origin, arguments = get_origin(wanted), get_args(wanted)
    if origin is dict:
        if not isinstance(value, Mapping):
            raise _fault(path, f"must be a mapping, not {_name(value)}")
        return {str(key): _value(item, arguments[1], _join(path, key)) for key, item in value.items()}
    if origin is tuple:
        if not isinstance(value, list):
            raise _fault(path, f"must be a list, not {_name(value)}")
        return tuple(_value(item, arguments[0], f"{path}[{at}]") for at, item in enumerate(value))
    if hasattr(wanted, "__dataclass_fields__"):
        return _dataclass(value, wanted, path)
    return _scalar(value, wanted, path)


def _scalar(value: Any, wanted: type, path: str) -> Any:
    if wanted is int and isinstance(value, str) and value.isdecimal():
        return int(value)  # an INVOKE_* variable is always a text
    if not isinstance(value, wanted) or isinstance(value, bool):
        raise _fault(path, f"must be {'a number' if wanted is int else 'a text'}, not {_name(value)}")
    return value


def _fault(path: str, what: str, next_step: str = f"Correct it in {FILE}.") -> ConfigError:
    return ConfigError(f"`{path}` {what}", where=FILE, next_step=next_step)


def _choice(given: str, known: Mapping[str, Any]) -> str:
    close = difflib.get_close_matches(given, known, n=1)
    if close:
        return f"Did you mean {close[0]!r}?"
    return f"Choose one of: {', '.join(sorted(key for key in known if key != 'root'))}."


def _join(path: str, key: object) -> str:
    return f"{path}.{key}" if path else str(key)


def _name(value: Any) -> str:
    names = {str: "a text", int: "a number", bool: "true or false", list: "a list", type(None): "nothing"}
    return names.get(type(value), type(value).__name__)
