"""From what a repository has to what the project is to be: a question for all that may be otherwise."""

import re
import unicodedata

from aks_flow.adopt import package
from aks_flow.adopt.answers import AdoptedSecret, Answers, BuiltImage
from aks_flow.adopt.asking import Ask, Given, answer, checked, pairs
from aks_flow.adopt.environments import USUAL, decide_environments, in_order, lacking
from aks_flow.adopt.images import decide_images
from aks_flow.adopt.jobs import blocking_jobs
from aks_flow.adopt.survey import pods
from aks_flow.adopt.survey.layout import Layout
from aks_flow.adopt.survey.pods import Answering, NeededSecret
from aks_flow.adopt.survey.survey import Survey
from aks_flow.adopt.survey.team_commands import find_lint_command, find_test_command
from aks_flow.adopt.survey.tree import WorkTree
from aks_flow.core import names
from aks_flow.core.config.branches import GITFLOW
from aks_flow.core.config.rehearsal import PLACE, RehearsedChange
from aks_flow.core.config.render import HELM, PLAIN
from aks_flow.core.config.secrets import EXISTING, GENERATED, VAULT
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.tools.kubectl import kinds

_NUMBER = "(?:0|[1-9][0-9]*)"
_RELEASE = re.compile(rf"(?P<prefix>(?:.*[^0-9.])?){_NUMBER}\.{_NUMBER}\.{_NUMBER}")
_LONGEST_NAME = 28  # twice in the name that AKS gives its nodes' group, beside the longest of Azure's regions
_SOURCES = (GENERATED, EXISTING, VAULT)


def decide(run: Runner, survey: Survey, given: Given, ask: Ask) -> Answers:
    """Every answer, checked; AksFlowError with its flag for the first that cannot be meant."""
    tree = survey.tree
    name = checked(
        answer(ask, "The project's name", given.name, _usual_name(tree)), names.ServiceName, "name"
    )
    images = decide_images(survey, name, pairs(given.image, "image", "NAME=FOLDER"))
    answering = _answering(survey.common, survey.layout.release, given, ask)
    branches = _branches(tree.branches) | _release_tag(tree.tags)
    needed = _needed_secrets(survey)
    return Answers(
        name=name,
        layout=survey.layout,
        answering=answering,
        version_path=_version_path(given, ask),
        built=_front_first(images.built, answering.image),
        others=images.others,
        environments=_environments(survey, name, branches, given, ask),
        secrets=_secrets(needed, images.built, given),
        branches=branches,
        lint=_commands(ask, ("lint", "checks your code"), given.lint, find_lint_command(tree)),
        test=_commands(ask, ("test", "runs your tests"), given.test, find_test_command(tree)),
        change=_change(tree, given, answering),
        package=package.named(given.package) if given.package else package.running(run),
        whole_secrets=tuple(secret.name for secret in needed if not secret.keys),
        calling_otherwise=_calling_otherwise(survey, answering),
        blocking_jobs=blocking_jobs([*survey.common, *survey.all_objects], images.built),
    )


def _usual_name(tree: WorkTree) -> str:
    letters = unicodedata.normalize("NFKD", tree.root.name).encode("ascii", "ignore").decode()  # é is e
    plain = re.sub("[^a-z0-9]+", "-", letters.lower()).strip("-")
    name = plain if plain[:1].isalpha() else f"app-{plain}"
    return name[:_LONGEST_NAME].strip("-")


def _branches(present: frozenset[str]) -> dict[str, str]:
    """Those that are called otherwise: main is master, or the only one where there is no develop."""
    if "main" in present:
        return {}
    others = {name for name in present if "/" not in name} if "develop" not in present else set()
    own = {"master"} & present or others
    return {"main": own.pop()} if len(own) == 1 else {}


def _release_tag(tags: frozenset[str]) -> dict[str, str]:
    """What stands before X.Y.Z in the tags that there are, where it is one thing and not GitFlow's own."""
    prefixes = {match["prefix"] for tag in tags if (match := _RELEASE.fullmatch(tag))}
    return {"tag": prefixes.pop()} if len(prefixes) == 1 and GITFLOW["tag"] not in prefixes else {}


def _answering(objects: list[dict], otherwise: str, given: Given, ask: Ask) -> Answering:
    """The Deployment or StatefulSet that stands for the app; AksFlowError if none does, or if several may.

    otherwise: what it may be called where the objects are not known: as the release of a chart.
    """
    likely = pods.answering(objects)
    proposal = likely[0].deployment if len(likely) == 1 else "" if objects else otherwise
    name = answer(ask, "The Deployment or StatefulSet that answers", given.app, proposal)
    if chosen := pods.named(objects, name):
        return chosen
    if name and not objects:  # a chart that nothing here renders
        return Answering(checked(name, names.ObjectName, "app"))
    present = {item["metadata"].get("name", "") for item in objects if item["kind"] in kinds.OWN}
    known = ", ".join(sorted(present)) or "none"
    absent = f"there is no Deployment or StatefulSet {name!r}"
    what = absent if name else "it is not clear which workload answers"
    step = f"Name one, as in --app {likely[0].deployment}." if likely else "Add one to the manifests."
    raise AksFlowError(f"{what}; there are {known}", where="--app", next_step=step)


def _calling_otherwise(survey: Survey, answering: Answering) -> tuple[str, ...]:
    """By a prefix of names, for one; of a chart that is not known."""
    own, service = {(kind, answering.deployment) for kind in kinds.OWN}, ("Service", answering.service)
    here = {
        environment: {(item["kind"], item["metadata"].get("name")) for item in objects}
        for environment, objects in survey.objects.items()
        if environment and survey.layout.kind != HELM
    }
    return tuple(
        environment
        for environment, objects in here.items()
        if own.isdisjoint(objects) or (answering.service and service not in objects)
    )


def _version_path(given: Given, ask: Ask) -> str:
    path = answer(ask, "The path where it tells its version as JSON, if it does", given.version_path, "")
    return checked(path, names.HttpPath, "version-path") if path else ""


def _environments(survey: Survey, project: str, branches: dict[str, str], given: Given, ask: Ask):
    present, namespaces = survey.layout.environments, survey.namespaces
    usual = ",".join(in_order(_usual_names(survey.layout)))
    if survey.layout.kind == PLAIN and namespaces.get(""):
        usual = f"{USUAL[0]}={namespaces['']}"
    text = answer(ask, "The environments, each with its namespace if need be", given.environments, usual)
    environments = decide_environments(text, project, present, namespaces, branches)
    if survey.layout.kind == PLAIN:
        _check_namespaces(survey, environments)
    return environments


def _usual_names(layout: Layout) -> list[str]:
    """Those that there are; of a chart, whose own values may be an environment's, at least the usual ones."""
    present = list(layout.environments)
    is_enough = present and (layout.kind != HELM or len(present) > 1)
    return present if is_enough else [*present, *lacking(present)]


def _check_namespaces(survey: Survey, environments) -> None:
    """Plain manifests go where they say, so an environment must be that place."""
    for environment in environments:
        written = survey.namespaces.get(environment.name) or survey.namespaces.get("")
        if written and written != environment.namespace:
            what = f"the manifests say `namespace: {written}`, not {environment.namespace}"
            step = f"Remove `namespace` from them, or name it: --environments {environment.name}={written}."
            raise AksFlowError(what, where=survey.layout.folder, next_step=step)


def _needed_secrets(survey: Survey) -> list[NeededSecret]:
    """Those of what environments have in common, but for what each environment's own objects bring."""
    lacking = {secret.name for objects in survey.objects.values() for secret in pods.needed_secrets(objects)}
    return [secret for secret in pods.needed_secrets(survey.common) if secret.name in lacking]


def _secrets(
    needed: list[NeededSecret], built: tuple[BuiltImage, ...], given: Given
) -> dict[str, AdoptedSecret]:
    """Those whose keys are known. One that a third-party image is given as well can be made at random: no
    other side has it."""
    said = pairs(given.secret, "secret", f"NAME={'|'.join(_SOURCES)}")
    _check_secrets(said, needed)
    own = {image.mention for image in built}
    return {
        secret.name: AdoptedSecret(secret.keys, said.get(secret.name) or _source(secret, own))
        for secret in needed
        if secret.keys
    }


def _source(secret: NeededSecret, own: set[str]) -> str:
    if any("." in key for key in secret.keys):  # a file, as a key pair's: nothing random has its form
        return EXISTING
    is_shared = any(not any(image.startswith(name) for name in own) for image in secret.images)
    return GENERATED if is_shared else EXISTING


def _check_secrets(said: dict[str, str], needed: list[NeededSecret]) -> None:
    keys = {secret.name: secret.keys for secret in needed}
    for name, source in said.items():
        if source not in _SOURCES:
            what = f"{source!r} is none of {', '.join(_SOURCES)}"
            raise AksFlowError(what, where=f"--secret {name}", next_step="Choose one of them.")
        if not keys.get(name):
            what = "no manifest names a key of it" if name in keys else "no manifest refers to it"
            known = ", ".join(keys) or "none"
            raise AksFlowError(what, where=f"--secret {name}", next_step=f"The manifests need {known}.")


def _commands(ask: Ask, what: tuple[str, str], given: str, proposal: str) -> tuple[str, ...]:
    """Several are written with && between them. what: the flag, and what the command does."""
    flag, does = what
    text = answer(ask, f"The command that {does}", given, proposal)
    return (
        tuple(checked(command.strip(), names.CommandLine, flag) for command in text.split("&&"))
        if text
        else ()
    )


def _change(tree: WorkTree, given: Given, answering: Answering) -> RehearsedChange | None:
    """``FILE:LINE``; AksFlowError unless the file has the line. It is looked for where HTTP may answer."""
    if not given.change:
        return None
    file, _, line = given.change.partition(":")
    if file not in tree.files or line.count(PLACE) != 1:
        what = f"{given.change!r} is no FILE:LINE of the repository with {PLACE} once in the line"
        step = "As in --change 'web/title.txt:{}': the line may be all of what is in braces."
        raise AksFlowError(what, where="--change", next_step=step)
    before, _, after = line.partition(PLACE)
    matches = [
        text for text in tree.text(file).splitlines() if text.startswith(before) and text.endswith(after)
    ]
    if len(matches) != 1:
        what = f"{len(matches)} lines of {file} read as {line!r}"
        raise AksFlowError(what, where="--change", next_step="Name one that is there once.")
    return RehearsedChange(file, line, "/" if answering.may_be_http else "")


def _front_first(built: tuple[BuiltImage, ...], image: str) -> tuple[BuiltImage, ...]:
    """The image of the Deployment that answers stands for all."""
    return tuple(sorted(built, key=lambda item: not image.startswith(item.mention)))
