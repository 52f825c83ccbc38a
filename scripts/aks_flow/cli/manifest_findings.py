"""The findings of `manifests.check`: every environment rendered, its objects compared with each other."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from aks_flow.core import project
from aks_flow.core.config import Config
from aks_flow.core.config.azure import AzureSettings
from aks_flow.core.printable import printable
from aks_flow.core.runner import Runner
from aks_flow.manifests import permitted
from aks_flow.manifests.checks.accept import CheckResult, covers
from aks_flow.manifests.checks.agree import check
from aks_flow.manifests.checks.facts import Surroundings
from aks_flow.manifests.checks.findings import ERROR, ManifestFinding, rules
from aks_flow.manifests.checks.places import FilePlace, FilePlaces
from aks_flow.manifests.origins import RenderedObject, render_with_origins
from aks_flow.manifests.unstable import unstable

_NOT_RANDOM = "Let deliveries make a Secret (`secrets`, invoke.yaml), or give the value: `lookup` finds none."


@dataclass(frozen=True)
class CheckRow:
    """A finding, once for all environments that have it. accepted: why it is no fault, "" if it is one."""

    environments: tuple[str, ...]
    file: str
    line: int
    kind: str
    rule: str
    where: str
    what: str
    mend: str
    accepted: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: {', '.join(self.environments)}: {self.where}"
        return f"{place}: {self.what} [{self.rule}]\n    {self.mend}"


def find(run: Runner, config: Config) -> list[CheckRow]:
    """The findings of all environments, errors first; of a preview, too, if pull requests get one."""
    places, every = FilePlaces(config.root), with_a_preview(config)
    at_targets = vaults(config)
    own = {name: replace(every, azure=at_targets.get(name, every.azure)) for name in every.environments}
    rows = [row for name in own for row in _rows_of(run, own[name], name, places)]
    return sorted([*_folded(rows), *_unused(every, rows)], key=lambda row: row.kind)


def with_a_preview(config: Config) -> Config:
    """One stands for all, which are made of the same."""
    return config.with_preview(1) if config.previews.namespace else config


def vaults(config: Config) -> dict[str, AzureSettings]:
    """What says which vault each environment's Secrets come from, at its own target; previews have none."""
    return {name: config.at(item.target).azure for name, item in config.environments.items()}


def _rows_of(run: Runner, config: Config, environment: str, places: FilePlaces) -> Iterator[CheckRow]:
    """The findings of one environment, those that are accepted last."""
    rendered = render_with_origins(run, config, environment)
    result = check([item.object for item in rendered], _surroundings(config, environment))
    origins = {id(item.object): item for item in rendered}
    for reason, finding in _with_reasons(result):
        place = _place(places, finding, origins[id(finding.object.view.value)])
        words = {name: printable(getattr(finding, name)) for name in ("where", "what", "mend")}
        yield CheckRow(
            (environment,), place.file, place.line, finding.kind, finding.rule, **words, accepted=reason
        )
    yield from _unpermitted(config, environment, [item.object for item in rendered])
    yield from _unstable(run, config, environment, rendered)


def _unpermitted(config: Config, environment: str, objects: list[dict]) -> Iterator[CheckRow]:
    """Each object that Argo CD would refuse; none without an AppProject in the project."""
    file = permitted.file_of(config, environment)
    if not (config.root / file).is_file():
        return
    for item in permitted.refused((config.root / file).read_text(), objects):
        where = printable(f"{item['kind']}/{item['metadata'].get('name', '')}")
        what = "Argo CD's project does not permit it, and would refuse the whole sync"
        mend = f"Add {permitted.entry(item)}, then `./inv argocd.apply`."
        yield CheckRow((environment,), str(file), 0, ERROR, "argocd-project", where, what, mend)


def _unstable(
    run: Runner, config: Config, environment: str, rendered: list[RenderedObject]
) -> Iterator[CheckRow]:
    """Each object that every delivery would change."""
    for item, fields in unstable(run, config, environment, rendered):
        file = str(item.file.relative_to(config.root))
        where = printable(f"{item.object['kind']}/{item.object['metadata'].get('name', '')}")
        what = f"is rendered otherwise each time ({fields}), and every delivery would change it"
        yield CheckRow((environment,), file, 0, ERROR, "chart-random", where, what, _NOT_RANDOM)


def _with_reasons(result: CheckResult) -> list[tuple[str, ManifestFinding]]:
    accepted = [(acceptance.reason, acceptance.finding) for acceptance in result.accepted]
    return [*(("", finding) for finding in result.findings), *accepted]


def _folded(rows: Iterable[CheckRow]) -> list[CheckRow]:
    """One row for what several environments have in common."""
    environments: dict[CheckRow, list[str]] = {}
    for row in rows:
        environments.setdefault(replace(row, environments=()), []).extend(row.environments)
    return [replace(row, environments=tuple(dict.fromkeys(names))) for row, names in environments.items()]


def _unused(config: Config, rows: Iterable[CheckRow]) -> Iterator[CheckRow]:
    """The project's acceptances that nothing needs, among those that its policy asks for."""
    found = {(row.rule, row.where) for row in rows if row.accepted}
    for at, entry in enumerate(config.checks.accept):
        used = any(covers(entry, rule, where) for rule, where in found)
        if not used and rules()[entry.rule].is_asked(config.checks.policy):
            what = f"accepts {entry.rule} in {entry.object}, which finds nothing there"
            every, where = tuple(config.environments), f"checks.accept[{at}]"
            yield CheckRow(every, project.FILE, 0, ERROR, "accept", where, what, rules()["accept"].mend)


def _surroundings(config: Config, environment: str) -> Surroundings:
    others = {other.namespace: name for name, other in config.environments.items() if name != environment}
    own = config.environments[environment].namespace
    others.pop(own, None)
    checks = config.checks
    trusted = config.azure.vault_accounts if config.azure.vault else None
    mounted_by = dict.fromkeys(config.vault_secrets, trusted) if trusted else {}
    return Surroundings(own, others, _made_elsewhere(config), mounted_by, checks.policy, checks.accept)


def _made_elsewhere(config: Config) -> dict[str, dict[str, tuple[str, ...]]]:
    """What no manifest has: Secrets of invoke.yaml, and what `azure.admit` makes for those from the vault."""
    secrets = {name: secret.keys for name, secret in config.secrets.items()}
    return {"Secret": secrets, "SecretProviderClass": dict.fromkeys(config.vault_secrets, ())}


def _place(places: FilePlaces, finding: ManifestFinding, origin: RenderedObject) -> FilePlace:
    if origin.address:
        return FilePlace(origin.address, 0)
    return places.of(finding.object.view, finding.at, origin.file)
