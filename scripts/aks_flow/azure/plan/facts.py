"""What there is in Azure: read with az, changed by nothing here."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from aks_flow.azure.faults import AzureFailed
from aks_flow.azure.identity import access
from aks_flow.core.command import Command
from aks_flow.core.config.azure import AzureSettings
from aks_flow.core.runner import Runner
from aks_flow.tools.az import (
    MISSING,
    Az,
    account,
    acr,
    acr_registry,
    aks,
    compute,
    extension,
    group,
    identity,
    keyvault,
    parse,
    role,
)

AT_ONCE = 4  # az processes


@dataclass(frozen=True)
class AzureFacts:
    """az's answers; None for what is not there.

    account: the signed-in subscription. name: acr check-name's answer, asked while there is no registry.
    identities and credentials: by the identity's name. assignments: the whole subscription's. providers: the
    namespaces that it is open for, in lower case; registering: those that it soon will be. argocd: the
    extension, asked for if the configuration has it; so is vault, and while there is none deleted_vaults and
    vault_name (is the name free?). secrets: the names of those in the vault; None if they may not be read, or
    not yet. invoke_role: the definition of the role for commands in the cluster, asked for if the
    configuration has it. sizes and usage: of machines, asked for while there is no cluster. What a provider
    that is not registered would say is None.
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
    registering: frozenset[str] = frozenset()
    argocd: Mapping | None = None
    vault: Mapping | None = None
    deleted_vaults: tuple[Mapping, ...] = ()
    vault_name: Mapping | None = None
    secrets: frozenset[str] | None = None
    invoke_role: Mapping | None = None
    sizes: tuple[Mapping, ...] | None = None
    usage: tuple[Mapping, ...] | None = None

    @property
    def subscription(self) -> str:
        return self.account["id"]

    def is_open_for(self, namespace: str) -> bool:
        """Whether the provider is registered. One that is not is asked nothing: az would register it."""
        return namespace.lower() in self.providers


def read(run: Runner, az: Az, azure: AzureSettings) -> AzureFacts:
    """Everything that a plan needs; a CommandFailed if az could not say."""
    signed_in = _ask(run, account.show(az))
    existing_group = _ask(run, group.show(az, azure.group))
    states = {name.lower(): state for name, state in _ask(run, group.providers(az))}
    providers = frozenset(name for name, state in states.items() if state == "Registered")
    facts = AzureFacts(
        signed_in, existing_group, providers=providers, registering=frozenset(states) - providers
    )
    facts = _with_shared(run, az, azure, replace(facts, invoke_role=_invoke_role(run, az, azure, facts)))
    if existing_group:
        facts = _with_resources(run, az, azure, facts)
    named = replace(facts, name=_free_name(run, az, azure, facts))
    return _with_room(run, az, azure, _with_vault(run, az, azure, named))


def _with_resources(run: Runner, az: Az, azure: AzureSettings, facts: AzureFacts) -> AzureFacts:
    """What is in the group, and who may do what; several az processes at once."""
    commands = {
        "registry": acr.show(az, azure) if azure.registry.name and not azure.registry.group else None,
        "cluster": None if azure.cluster.group else aks.show(az, azure),
        "identities": identity.all_of(az, azure.group),
        "assignments": identity.assignments(az),
        "resources": group.resources(az, azure.group),
    }
    with ThreadPoolExecutor(AT_ONCE) as pool:
        asked = {key: pool.submit(_ask, run, command) for key, command in commands.items() if command}
        answers = {key: future.result() for key, future in asked.items()}
        identities = {entry["name"]: entry for entry in answers["identities"] or []}
        credentials = {
            name: pool.submit(_ask, run, identity.credentials(az, azure.group, name)) for name in identities
        }
    return replace(
        facts,
        registry=answers.get("registry") or facts.registry,
        cluster=answers.get("cluster") or facts.cluster,
        identities=identities,
        credentials={name: future.result() or [] for name, future in credentials.items()},
        assignments=(*facts.assignments, *(answers["assignments"] or ())),
        resources=tuple(answers["resources"] or ()),
        argocd=_argocd(run, az, azure, answers.get("cluster") or facts.cluster),
    )


def _with_shared(run: Runner, az: Az, azure: AzureSettings, facts: AzureFacts) -> AzureFacts:
    """The registry and the cluster that were there before, and who may do what in their subscriptions."""
    registry = _ask(run, acr.show(az, azure)) if azure.registry.name and azure.registry.group else None
    cluster = _ask(run, aks.show(az, azure)) if azure.cluster.group else None
    elsewhere = {azure.registry.subscription, azure.cluster.subscription} - {"", az.subscription}
    listed = [_ask(run, identity.assignments(replace(az, subscription=other))) for other in sorted(elsewhere)]
    assignments = tuple(assignment for answer in listed for assignment in answer or ())
    return replace(facts, registry=registry, cluster=cluster, assignments=assignments)


def _with_vault(run: Runner, az: Az, azure: AzureSettings, facts: AzureFacts) -> AzureFacts:
    """The vault and its secrets; while there is none, whether its name is free."""
    if not azure.vault:
        return facts
    existing = _ask(run, keyvault.show(az, azure)) if facts.group else None
    if existing:
        return replace(facts, vault=existing, secrets=_secrets(run, az, azure))
    if not facts.is_open_for("Microsoft.KeyVault"):
        return facts
    deleted = tuple(_ask(run, keyvault.deleted(az)))
    name = _ask(run, keyvault.check_name(az, facts.subscription, azure.vault))
    return replace(facts, deleted_vaults=deleted, vault_name=name)


def _secrets(run: Runner, az: Az, azure: AzureSettings) -> frozenset[str] | None:
    try:
        return frozenset(secret["name"] for secret in _ask(run, keyvault.secrets(az, azure)))
    except AzureFailed as error:
        if error.fault.soon:
            return None
        raise


def _argocd(run: Runner, az: Az, azure: AzureSettings, existing_cluster: Mapping | None) -> Mapping | None:
    if not existing_cluster or azure.cluster.argocd != "extension":
        return None
    return _ask(run, extension.show(az, existing_cluster["id"]))


def _invoke_role(run: Runner, az: Az, azure: AzureSettings, facts: AzureFacts) -> Mapping | None:
    if azure.cluster.invoke != "jobs":
        return None
    there = azure.cluster.subscription or facts.subscription
    named = role.own(replace(az, subscription=there), access.invoke_role(azure, there))
    return next(iter(_ask(run, named)), None)


def _with_room(run: Runner, az: Az, azure: AzureSettings, facts: AzureFacts) -> AzureFacts:
    """What nodes the subscription could have, while there is no cluster."""
    if facts.cluster or not facts.is_open_for("Microsoft.Compute"):
        return facts
    sizes = _ask(run, compute.sizes(az, azure.location, azure.cluster.vm_size))
    return replace(facts, sizes=tuple(sizes), usage=tuple(_ask(run, compute.usage(az, azure.location))))


def _free_name(run: Runner, az: Az, azure: AzureSettings, facts: AzureFacts) -> Mapping | None:
    asked = azure.registry.name and facts.is_open_for("Microsoft.ContainerRegistry")
    if facts.registry or not asked:
        return None
    return _ask(run, acr_registry.check_name(az, azure.registry.name))


def _ask(run: Runner, command: Command):
    """az's answer; None if it says that there is no such thing."""
    answer = run.run(command)
    return None if answer.code == MISSING else parse(answer.text)
