"""The project's facts -> what would stop its first delivery, and what to type. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from aks_flow.azure.identity import kubernetes_roles
from aks_flow.cli.doctor.facts import ProbeAnswer
from aks_flow.cli.doctor.findings import DoctorFinding, good
from aks_flow.cli.doctor.policies import in_the_way
from aks_flow.cli.doctor.project_facts import ProjectFacts
from aks_flow.manifests.checks.kinds import is_of_the_cluster
from aks_flow.manifests.hosts import hosts
from aks_flow.tools.kubectl import kinds


def decide(facts: ProjectFacts) -> list[DoctorFinding]:
    """Every line, in the order of a delivery."""
    return [
        *_recipes(facts),
        *_environments(facts),
        *_own(facts),
        *_answering(facts),
        *_kept_away(facts),
        _count("manifests.check", facts.errors, "errors"),
        _count("workflows.check", facts.workflows, "findings"),
        *_silent(facts),
        *_shared(facts),
        *_unmeasured(facts),
        *_unwritten(facts),
    ]


def _recipes(facts: ProjectFacts) -> Iterator[DoctorFinding]:
    for name, is_there in facts.recipes.items():
        file = facts.config.app.built_images[name].file
        step = f"add it, or correct app.images.{name} in invoke.yaml"
        yield (
            good(f"image {name}", file)
            if is_there
            else DoctorFinding(f"image {name}", f"no {file}", help=step)
        )


def _environments(facts: ProjectFacts) -> Iterator[DoctorFinding]:
    for name in facts.config.environments:
        line = f"manifests of {name}"
        if name in facts.broken:
            told = facts.broken[name]
            yield DoctorFinding(line, told.why, help=told.step)
        else:
            yield good(line, f"{len(facts.objects[name])} objects, every image pinned")
            yield from _left_out(name, facts.left_out.get(name, ()))


def _left_out(environment: str, hooks: tuple[str, ...]) -> Iterator[DoctorFinding]:
    """No fault: on the pull path Argo CD runs them."""
    if hooks:
        step = "deliver by pull, where Argo CD runs them, or make them PreSync or PostSync"
        found = f"push leaves out {', '.join(hooks)}"
        yield DoctorFinding(f"hooks of {environment}", found, help=step, good=True)


def _silent(facts: ProjectFacts) -> Iterator[DoctorFinding]:
    """Environments whose branches start nothing."""
    for environment, patterns in facts.silent.items():
        if patterns:
            found = f"a push to {', '.join(patterns)} starts none"
            own = f"environments.{environment}.branches"
            step = f"name it in `push: branches:` of a workflow, or correct {own}"
            yield DoctorFinding(f"workflows for {environment}", found, help=step)


_IGNORED = "argocd.argoproj.io/ignore-healthcheck"
_APART = {
    "host": "in one cluster give each a host of its own (an overlay's `patches`, a chart's values)",
    "node port": "in one cluster leave it out, and the cluster chooses one, or give each its own",
    "of the cluster:": "in one cluster one delivers it, or each calls its own otherwise",
}


def _shared(facts: ProjectFacts) -> Iterator[DoctorFinding]:
    """No fault: the environments of a target may have clusters of their own by their kubeconfigs."""
    environments = defaultdict(list)
    for name, objects in facts.objects.items():
        target = facts.config.environments[name].target
        for kind, value in sorted({claim for item in objects for claim in _claims(item)}, key=str):
            environments[target, kind, value].append(name)
    for (_, kind, value), names in environments.items():
        if len(names) > 1:
            found = f"that of {', '.join(names)}"
            yield DoctorFinding(f"{kind} {value}", found, help=_APART[kind], good=True)


def _claims(item: dict) -> Iterator[tuple[str, object]]:
    """What an object takes of its cluster, whatever its namespace: (a key of `_APART`, which)."""
    if is_of_the_cluster(item) and item["kind"] != "Namespace":
        yield "of the cluster:", f"{item['kind']} {item['metadata']['name']}"
    yield from (("host", host) for _, host in hosts(item))
    ports = (item.get("spec") or {}).get("ports") or [] if item["kind"] == "Service" else []
    yield from (("node port", port["nodePort"]) for port in ports if port.get("nodePort"))


def _unmeasured(facts: ProjectFacts) -> Iterator[DoctorFinding]:
    """No fault: it is one only where the cluster has no metrics."""
    names = {
        item["metadata"]["name"]
        for objects in facts.objects.values()
        for item in objects
        if item["kind"] == "HorizontalPodAutoscaler" and not _is_ignored(item)
    }
    if names:
        step = f'where the cluster has none, as the rehearsal\'s, say {_IGNORED}: "true"'
        found = "Argo CD waits for metrics"
        yield DoctorFinding(f"autoscaler {', '.join(sorted(names))}", found, help=step, good=True)


def _is_ignored(item: dict) -> bool:
    return (item["metadata"].get("annotations") or {}).get(_IGNORED) == "true"


def _unwritten(facts: ProjectFacts) -> Iterator[DoctorFinding]:
    """No fault: an administrator may have given more, and on the pull path Argo CD applies all of it."""
    kinds = {
        item["kind"]
        for name, objects in facts.objects.items()
        if (here := facts.config.at(facts.config.environments[name].target)).destination.login == "azure"
        for item in objects
        if not kubernetes_roles.writes(here, item)
    }
    if kinds:
        step = "for a push, give the identities more: docs/azure.md, 3"
        yield DoctorFinding("RBAC Writer", f"does not write {', '.join(sorted(kinds))}", help=step, good=True)


def _own(facts: ProjectFacts) -> Iterator[DoctorFinding]:
    """The workload of `app.name`, by which a delivery knows what runs; nothing where it is everywhere."""
    app = facts.config.app.name
    lacking = [
        name
        for name, objects in facts.objects.items()
        if not any(kinds.is_own(item, app) for item in objects)
    ]
    if lacking:
        step = "correct app.name in invoke.yaml, or the manifests (namePrefix, nameSuffix)"
        yield DoctorFinding(f"deployment/{app}", f"missing in {', '.join(lacking)}", help=step)


def _answering(facts: ProjectFacts) -> Iterator[DoctorFinding]:
    """The Service and port of the contract; nothing without one, or without objects to look at."""
    contract = facts.config.contract
    if not (contract.service and facts.objects):
        return
    line, at = f"service/{contract.service}", f" port {contract.port}" if contract.port else ""
    lacking = [
        name
        for name, objects in facts.objects.items()
        if not _answers(objects, contract.service, contract.port)
    ]
    if lacking:
        step = "correct contract.service and contract.port in invoke.yaml, or the manifests"
        yield DoctorFinding(line, f"{f'no{at}' if at else 'missing'} in {', '.join(lacking)}", help=step)
    else:
        yield good(line, f"there{at}")


def _kept_away(facts: ProjectFacts) -> Iterator[DoctorFinding]:
    """No fault: a cluster may enforce no policies, as the rehearsal's does not."""
    contract = facts.config.contract
    if not (contract.version.path or facts.config.smoke):
        return
    kept = {name: in_the_way(objects, contract.service) for name, objects in facts.objects.items()}
    if names := sorted({policy for policies in kept.values() for policy in policies}):
        where = ", ".join(name for name, policies in kept.items() if policies)
        found = f"networkpolicy {', '.join(names)} keeps the API server away in {where}"
        step = "let in the namespace kube-system (docs/verdicts.md), or leave out contract.version and smoke"
        yield DoctorFinding(f"asking service/{contract.service}", found, help=step, good=True)


def _answers(objects: Iterable[dict], service: str, port: str | int) -> bool:
    named = (item for item in objects if (item["kind"], item["metadata"].get("name")) == ("Service", service))
    ports = [entry for item in named for entry in item["spec"].get("ports") or []]
    return any(not port or port in (entry.get("name"), entry.get("port")) for entry in ports)


def _count(task: str, told: ProbeAnswer, noun: str) -> DoctorFinding:
    if told.text == "0":
        return good(task, f"no {noun}")
    counted = noun.removesuffix("s") if told.text == "1" else noun
    return DoctorFinding(task, f"{told.text} {counted}" if told.text else told.why, help=f"./inv {task}")
