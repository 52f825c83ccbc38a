"""The configuration: invoke.yaml as frozen values, checked whole before the first command.

An unknown key, a missing one, a wrong type or a text that is not of its kind's grammar is a ConfigError that
carries the path of the key, as in ``targets.cluster.registrry``.
"""

import re
import urllib.parse
from collections.abc import Container, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from aks_flow.core import config_azure, image_ref, names
from aks_flow.core.config_azure import Azure
from aks_flow.core.did_you_mean import did_you_mean
from aks_flow.core.errors import AksFlowError
from aks_flow.core.names import COMMAND_INVOKE, EMPTY, Grammar

FILE = "invoke.yaml"
REHEARSAL = "rehearsal"
_CORRECT = f"Correct it in {FILE}."
Admits = Annotated[str, names.one_of("any", "candidate", "final")]
Login = Annotated[str, names.one_of("docker", "azure")]


class ConfigError(AksFlowError):
    """Something in invoke.yaml, or in an INVOKE_* variable, is not what it must be."""


@dataclass(frozen=True)
class App:
    """The front end: its name in registry and cluster, its build context, its manifests (folders)."""

    name: names.ServiceName
    context: names.Folder
    manifests: names.Folder


@dataclass(frozen=True)
class ThirdParty:
    """An image that others publish: where it comes from, and the Debian packages that can replace it."""

    source: image_ref.Reference
    packages: tuple[names.Package, ...] = ()


@dataclass(frozen=True)
class Environment:
    """One place the app runs: its namespace, and which versions the pull path delivers there by itself.

    The overlay has the environment's name, its Argo CD Application the namespace's.
    ``admits``: ``any``, ``candidate`` (rc and final) or ``final``.
    """

    namespace: names.Label
    admits: Admits


@dataclass(frozen=True)
class Target:
    """A registry, a cluster, and the git repository that Argo CD reads.

    ``registry`` is host[:port][/path]; ``repository`` a path or URL, "" for the remote ``origin``; an empty
    ``kubeconfig`` or ``context`` means kubectl's own choice. ``login``: who gives the credentials, ``docker``
    (what `docker login` stored) or ``azure``. ``via``: where kubectl runs: "" here, ``user@host[:port]`` on a
    jump host (``kubeconfig`` is a file there), ``command-invoke`` inside the cluster.
    """

    registry: Annotated[image_ref.RegistryPath, EMPTY]
    kubeconfig: Annotated[names.File, EMPTY] = ""
    context: Annotated[names.Context, EMPTY] = ""
    repository: Annotated[names.Repository, EMPTY] = ""
    login: Login = "docker"
    via: Annotated[names.Via, EMPTY] = ""

    @property
    def registry_host(self) -> str:
        """host[:port] of the registry, without the path."""
        return self.registry.partition("/")[0]


@dataclass(frozen=True)
class GitOps:
    """The branch that CI writes and Argo CD reads, and the namespace of the Application objects."""

    branch: names.Branch
    namespace: names.Label


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
    images: dict[image_ref.Repository, ThirdParty]
    environments: dict[names.Label, Environment]
    deadline: int
    lock: Lock
    canary: Canary
    targets: dict[names.Word, Target]
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
        """The port of the rehearsal's own registry."""
        return int(self.targets[REHEARSAL].registry.rpartition(":")[2])

    @property
    def destination(self) -> Target:
        """The chosen target, its paths absolute (relative ones start at ``root``, but not on a jump host)."""
        target = self.targets[self.target]
        return replace(
            target,
            registry=target.registry or self._own_registry(target),
            kubeconfig=target.kubeconfig if target.via else self._absolute(target.kubeconfig),
            repository=self._absolute(target.repository)
            if names.is_local(target.repository)
            else target.repository,
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
            known = ", ".join(self.environments)
            what = f"there is no environment {name!r}; there are {known}"
            raise ConfigError(what, next_step=did_you_mean(name, self.environments, "Choose one of them."))
        return self.environments[name]


def load(data: Mapping[str, Any], root: Path, variables: Container[str] = ()) -> Config:
    """Invoke's merged configuration (without Invoke's own keys) -> Config; ConfigError on the first fault.

    variables: the names of those that are set; one that set the wrong value is named instead of the file.
    """
    try:
        config = _dataclass({**data, "root": root}, Config, "")
        _check_values(config)
    except _Fault as fault:
        raise fault.of(variables) from None
    return config


class _Fault(Exception):
    """What is wrong with the value of a key. path: dotted, as in ``targets.cluster.registry``."""

    def __init__(self, path: str, what: str, next_step: str = _CORRECT):
        super().__init__(what)
        self.path, self.what, self.next_step = path, what, next_step

    def of(self, variables: Container[str]) -> ConfigError:
        where, step, variable = FILE, self.next_step, _variable(self.path)
        if variable in variables:
            where, step = variable, "Correct or unset it."
        return ConfigError(f"`{self.path}` {self.what}", where=where, next_step=step)


def _variable(path: str) -> str:
    """``targets.cluster.registry`` -> the variable that sets it."""
    return f"INVOKE_{path.upper().replace('.', '_')}"


def _check_values(config: Config) -> None:
    if config.deadline < 1:
        raise _Fault("deadline", "must be at least 1 second")
    if config.lock.wait < 1:
        raise _Fault("lock.wait", "must be at least 1 second")
    _check_canary(config.canary)
    for name in ("api_port", "azure_port"):
        if not 0 < getattr(config.rehearsal, name) < 65536:
            raise _Fault(f"rehearsal.{name}", "must be a port, 1 to 65535")
    if "python" not in config.images:
        raise _Fault("images.python", "is missing")
    for at, check in enumerate(config.smoke):
        _check_smoke(f"smoke[{at}]", check)
    for path, what in config_azure.faults(config.azure):
        raise _Fault(f"azure.{path}", what)
    _check_targets(config)


def _check_targets(config: Config) -> None:
    if config.target not in config.targets:
        what = f"must be one of: {', '.join(config.targets)}, not {config.target!r}"
        raise _Fault("target", what, did_you_mean(config.target, config.targets, _CORRECT))
    for name, target in config.targets.items():
        if target.via == COMMAND_INVOKE and (target.kubeconfig or target.context):
            what = "runs kubectl inside the cluster: `kubeconfig` and `context` must be empty"
            raise _Fault(f"targets.{name}.via", what)
        if name == REHEARSAL and not re.fullmatch("localhost:[0-9]+", target.registry):
            raise _Fault(f"targets.{name}.registry", f"must be localhost:PORT, not {target.registry!r}")
    if not config.destination.registry:
        own = config.destination.login == "azure"
        key = "azure.registry.name" if own else f"targets.{config.target}.registry"
        raise _Fault(key, "is empty, and a registry is needed", f"Set it in {FILE}, or set {_variable(key)}.")


def _check_canary(canary: Canary) -> None:
    rising = list(canary.steps) == sorted(set(canary.steps))
    if not canary.steps or not rising or not all(0 < step <= 100 for step in canary.steps):
        raise _Fault("canary.steps", "must be rising percentages, 1 to 100")
    if canary.seconds < 0:
        raise _Fault("canary.seconds", "must not be negative")


def _check_smoke(key: str, check: Check) -> None:
    """The path must stay within the Service: no other host, and no way up the API server's proxy."""
    path = urllib.parse.unquote(check.path.partition("?")[0])
    plain = re.fullmatch(r"/[^\s#\\]*", check.path) and not re.search(r"//|\\|[\x00-\x1f]", path)
    if not plain or ".." in path.split("/"):
        step = "Give a path of the app's Service, such as /readyz."
        raise _Fault(f"{key}.path", f"leads outside the Service: {check.path!r}", step)
    if not 100 <= check.status <= 599:
        raise _Fault(f"{key}.status", "must be an HTTP status, 100 to 599")
    if check.text and not 200 <= check.status <= 299:
        raise _Fault(f"{key}.text", "can be asked for with a status of 2xx only")
    if check.deadline < 1:
        raise _Fault(f"{key}.deadline", "must be at least 1 second")


def _dataclass(data: Any, cls: type, path: str) -> Any:
    if not isinstance(data, Mapping):
        raise _Fault(path, f"must be a mapping, not {_name(data)}")
    types = get_type_hints(cls, include_extras=True)
    for key in data:
        if key not in types:
            hint = did_you_mean(str(key), sorted(types.keys() - {"root"}))
            raise _Fault(_join(path, key), "is not a known key", hint)
    required = {field.name for field in fields(cls) if field.default is MISSING}
    for key in sorted(required - set(data)):
        raise _Fault(_join(path, key), "is missing")
    return cls(**{key: _value(value, types[key], _join(path, key)) for key, value in data.items()})


def _value(value: Any, wanted: Any, path: str) -> Any:
    origin, arguments = get_origin(wanted), get_args(wanted)
    if origin is Annotated:
        return _read(_scalar(value, str, path), wanted.__metadata__, path)
    if origin is dict:
        return _mapping(value, *arguments, path)
    if origin is tuple:
        if not isinstance(value, list):
            raise _Fault(path, f"must be a list, not {_name(value)}")
        return tuple(_value(item, arguments[0], f"{path}[{at}]") for at, item in enumerate(value))
    if hasattr(wanted, "__dataclass_fields__"):
        return _dataclass(value, wanted, path)
    return _scalar(value, wanted, path)


def _mapping(value: Any, key_type: Any, item_type: Any, path: str) -> dict:
    if not isinstance(value, Mapping):
        raise _Fault(path, f"must be a mapping, not {_name(value)}")
    paths = {str(key): _join(path, key) for key in value}
    read = {key: _read(key, key_type.__metadata__, place) for key, place in paths.items()}
    return {read[str(key)]: _value(item, item_type, paths[str(key)]) for key, item in value.items()}


def _read(text: str, grammars: tuple[Grammar, ...], path: str) -> Any:
    """The value that one of the grammars gives to the text."""
    values = (grammar.read(text) for grammar in grammars)
    found = next((value for value in values if value is not None), None)
    if found is None:
        raise _Fault(path, f"must be {' or '.join(grammar.what for grammar in grammars)}, not {text!r}")
    return found


def _scalar(value: Any, wanted: type, path: str) -> Any:
    if wanted is int and isinstance(value, str) and value.isdecimal():
        return int(value)  # an INVOKE_* variable is always a text
    if not isinstance(value, wanted) or isinstance(value, bool):
        raise _Fault(path, f"must be {'a number' if wanted is int else 'a text'}, not {_name(value)}")
    return value


def _join(path: str, key: object) -> str:
    return f"{path}.{key}" if path else str(key)


def _name(value: Any) -> str:
    names = {str: "a text", int: "a number", bool: "true or false", list: "a list", type(None): "nothing"}
    return names.get(type(value), type(value).__name__)
