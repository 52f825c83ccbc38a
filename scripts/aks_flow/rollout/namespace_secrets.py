"""The Secrets of invoke.yaml in an environment's namespace: what is missing, made where a delivery makes it.

A value is made once, at random, and is never in git, in an argument or in a report.
"""

import base64
import json
import secrets
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from aks_flow.core.command import Secret, flags
from aks_flow.core.config import Config
from aks_flow.core.config.secrets import EXISTING, GENERATED, ProjectSecret
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed, Runner
from aks_flow.tools.kubectl import ANY, Kubectl, apply, create, get, output, patch, resources

BYTES = 24  # of randomness


@dataclass(frozen=True)
class SecretLack:
    """A Secret that a namespace lacks, or that lacks ``keys`` of those that invoke.yaml names."""

    name: str
    keys: tuple[str, ...]
    exists: bool = False

    def __str__(self) -> str:
        return f"secret/{self.name}" if not self.exists else f"{', '.join(self.keys)} of secret/{self.name}"


def lacks(
    wanted: Mapping[str, ProjectSecret], present: Mapping[str, frozenset[str]]
) -> tuple[SecretLack, ...]:
    """What is missing of some Secrets. present: the keys of those that are there, by name."""
    missing = {
        name: tuple(key for key in secret.keys if key not in present.get(name, ()))
        for name, secret in wanted.items()
    }
    return tuple(SecretLack(name, keys, name in present) for name, keys in missing.items() if keys)


def refs(config: Config) -> list[str]:
    """Those that deliveries look for, as ``secret/name``: what the vault has is its driver's to make."""
    return [f"secret/{name}" for source in (GENERATED, EXISTING) for name in config.secrets_from(source)]


def make(run: Runner, cluster: Kubectl, missing: Iterable[SecretLack]) -> None:
    """Make what is missing; the namespace must exist."""
    for lack in missing:
        values = {key: fresh() for key in lack.keys}
        if lack.exists:
            run.run(patch.secret(cluster, lack.name, _additional(values)))
        else:
            _create(run, cluster, lack, values)


def _create(run: Runner, cluster: Kubectl, lack: SecretLack, values: Mapping[str, Secret]) -> None:
    """If it is there by now, made by somebody else or by a try whose answer was lost, that one stays."""
    try:
        run.run(create.secret(cluster, resources.opaque_secret(cluster.namespace, lack.name, values)))
    except CommandFailed as error:
        if output.refusal(error.result) != "AlreadyExists":
            raise
        there = keys_of(get.parse_existing(run.run(get.existing_in_detail(cluster, str(lack))).text))
        make(run, cluster, lacks({lack.name: ProjectSecret(lack.keys, GENERATED)}, there))


def fresh() -> Secret:
    return Secret(secrets.token_urlsafe(BYTES))


def make_namespace(run: Runner, cluster: Kubectl, manifest: str) -> bool:
    """Make it; False if it is there. kubectl looks before it makes it: somebody may come between."""
    asked = replace(apply.manifest(cluster, manifest), ok=ANY)
    answer = run.run(asked)
    if answer.code and not output.all_exist(answer):
        raise CommandFailed(asked, answer)
    return "created" in answer.text


def keys_of(present: Mapping[str, get.Existing]) -> dict[str, frozenset[str]]:
    """Of what exists the Secrets' keys, by the Secret's name."""
    found = {ref.partition("/"): seen for ref, seen in present.items()}
    return {name: seen.keys for (kind, _, name), seen in found.items() if kind == "secret"}


def refuse(missing: Iterable[SecretLack], cluster: Kubectl, new_namespace: bool) -> None:
    """AksFlowError that says how to make what others have to make, unless nothing of it is missing."""
    missing = tuple(missing)
    if missing:
        what = f"{cluster.namespace} lacks {', '.join(map(str, missing))}"
        step = f"Type {' && '.join(commands(missing, cluster, new_namespace))}; or say `from: {GENERATED}`."
        raise AksFlowError(what, where="secrets", next_step=step)


def commands(missing: Iterable[SecretLack], cluster: Kubectl, new_namespace: bool = False) -> Iterator[str]:
    """What a person types to make them."""
    file = flags(kubeconfig=cluster.kubeconfig or None)
    own = shlex.join([*cluster.command().argv, *file])
    if new_namespace:
        yield f"`{own} create namespace {cluster.namespace}`"
    for lack in missing:
        if lack.exists:
            keys = ", ".join(f'"{key}": "…"' for key in lack.keys)
            yield f"`{own} patch secret {lack.name} --patch='{{\"stringData\": {{{keys}}}}}'`"
        else:
            keys = " ".join(f"--from-literal={key}=…" for key in lack.keys)
            yield f"`{own} create secret generic {lack.name} {keys}`"


def _additional(values: Mapping[str, Secret]) -> Secret:
    """A merge patch that adds keys and leaves the others."""
    data = {key: base64.b64encode(value.reveal().encode()).decode() for key, value in values.items()}
    return Secret(json.dumps({"data": data}))
