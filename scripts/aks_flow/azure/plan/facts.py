"""What there is in Azure: read with az, changed by nothing here."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from aks_flow.azure.faults import AzureFailed
from aks_flow.core.command import Command
from aks_flow.core.config_azure import Azure
from aks_flow.core.runner import Runner
from aks_flow.tools.az import (
    MISSING,
    Az,
    account,
    cluster,
    extension,
    group,
    identity,
    parse,
    registry,
    vault,
)

AT_ONCE = 4  # az processes


@dataclass(frozen=True)
class Facts:
    """az's answers; None for what is not there.

    account: the signed-in subscription. name: acr check-name's answer, asked while there is no registry.
    identities and credentials: by the identity's name. assignments: the whole subscription's. providers: the
    namespaces that it is open for, in lower case. argocd: the extension, asked for if it is wanted; so are
    vault, and while there is none deleted_vaults and vault_name (is the name free?). secrets: the names of
    those in the vault; None if they may not be read, or not yet.
    """

    account: Mapping
    group: Mapping | None = None
    registry: Mapping | None = None
    name: Mapping | None = None
    cluster: Mapping | None = None
    identities: Mapping[str, Mapping] = field(default_factory=dict)
    credentials: Mapping[str, list[Mapping]] = field(default_factory=dict)
    assignments: tuple[Mapping, ...] = ()
    resources: tuple[Mapping, ...] = ()
    providers: frozenset[str] = frozenset()
    argocd: Mapping | None = None
    vault: Mapping | None = None
    deleted_vaults: tuple[Mapping, ...] = ()
    vault_name: Mapping | None = None
    secrets: frozenset[str] | None = None

    @property
    def subscription(self) -> str:
        return self.account["id"]


def read(run: Runner, az: Az, azure: Azure) -> Facts:
    """Everything that a plan needs; a CommandFailed if az could not say."""
    signed_in = _ask(run, account.show(az))
    found = _ask(run, group.show(az, azure.group))
    providers = frozenset(name.lower() for name in _ask(run, group.providers(az)))
    if found is None:
        known = Facts(signed_in, name=_free(run, az, azure, None), providers=providers)
        return _with_vault(run, az, azure, known)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        asked = {
            "registry": registry.show(az, azure) if azure.registry.name else None,
            "cluster": cluster.show(az, azure),
            "identities": identity.all_of(az, azure.group),
            "assignments": identity.assignments(az),
            "resources": group.resources(az, azure.group),
        }
        waiting = {key: pool.submit(_ask, run, ask) for key, ask in asked.items() if ask}
        answers = {key: future.result() for key, future in waiting.items()}
        identities = {one["name"]: one for one in answers["identities"] or []}
        trusted = {
            name: pool.submit(_ask, run, identity.credentials(az, azure.group, name)) for name in identities
        }
    known = Facts(
        signed_in,
        found,
        answers.get("registry"),
        _free(run, az, azure, answers.get("registry")),
        answers["cluster"],
        identities,
        {name: future.result() or [] for name, future in trusted.items()},
        tuple(answers["assignments"] or ()),
        tuple(answers["resources"] or ()),
        providers,
        _argocd(run, az, azure, answers["cluster"]),
    )
    return _with_vault(run, az, azure, known)


def _with_vault(run: Runner, az: Az, azure: Azure, known: Facts) -> Facts:
    if not azure.vault:
        return known
    if found := _ask(run, vault.show(az, azure)) if known.group else None:
        return replace(known, vault=found, secrets=_secrets(run, az, azure))
    deleted = tuple(_ask(run, vault.deleted(az)))
    name = _ask(run, vault.check_name(az, known.subscription, azure.vault))
    return replace(known, deleted_vaults=deleted, vault_name=name)


def _secrets(run: Runner, az: Az, azure: Azure) -> frozenset[str] | None:
    try:
        return frozenset(one["name"] for one in _ask(run, vault.secrets(az, azure)))
    except AzureFailed as error:
        if error.soon:
            return None
        raise


def _argocd(run: Runner, az: Az, azure: Azure, found: Mapping | None) -> Mapping | None:
    wanted = found and azure.cluster.argocd == "extension"
    return _ask(run, extension.show(az, found["id"])) if wanted else None


def _free(run: Runner, az: Az, azure: Azure, found: Mapping | None) -> Mapping | None:
    if found or not azure.registry.name:
        return None
    return _ask(run, registry.check_name(az, azure.registry.name))


def _ask(run: Runner, command: Command):
    answer = run.run(command)
    return None if answer.code == MISSING else parse(answer.text)
