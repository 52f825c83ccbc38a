"""All that is read of a repository before anything is asked."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from aks_flow.adopt.survey import plain
from aks_flow.adopt.survey.charts import chart_objects, images_of_values
from aks_flow.adopt.survey.dockerfiles import Dockerfile, find_dockerfiles
from aks_flow.adopt.survey.layout import Layout, find_layout
from aks_flow.adopt.survey.manifests import ManifestFiles, find_manifests
from aks_flow.adopt.survey.mentions import ImageMention, images_of_objects
from aks_flow.adopt.survey.tree import WorkTree, is_within
from aks_flow.core import yaml_text
from aks_flow.core.config.render import HELM, KUSTOMIZE, PLAIN
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed, Runner
from aks_flow.tools.kubectl import kustomize


@dataclass(frozen=True)
class Survey:
    """objects: those of each environment that the repository has, or under "" those that all are to have.

    common: what environments have in common, as far as that can be told. mentions: the images that it runs.
    kustomizations: what each says, by its folder.
    """

    tree: WorkTree
    dockerfiles: list[Dockerfile]
    layout: Layout
    objects: dict[str, list[dict]]
    common: list[dict]
    mentions: tuple[ImageMention, ...]
    kustomizations: dict[str, dict]

    @property
    def all_objects(self) -> list[dict]:
        return [item for objects in self.objects.values() for item in objects]

    @property
    def namespaces(self) -> dict[str, str]:
        """The namespace that objects say they are for, by environment; AksFlowError if they name several."""
        return {name: _namespace(objects, self.layout.folder) for name, objects in self.objects.items()}


def read_survey(run: Runner, tree: WorkTree, folder: str) -> Survey:
    """folder: of the manifests, "" to look for them. AksFlowError if they cannot be told or read."""
    _check_folder(tree, folder)
    manifests = find_manifests(tree)
    layout = find_layout(tree, manifests, folder)
    if layout.kind == PLAIN:
        plain.check_folder(tree, manifests, layout.folder)
    objects = objects_of(run, tree, manifests, layout)
    common = [item for items in objects.values() for item in items]
    if layout.kind == KUSTOMIZE and layout.environments:
        common = [item for base in layout.bases for item in rendered(run, tree.root, base)]
    mentions = images_of_values(tree, layout) if layout.kind == HELM else ()
    known = {mention.image.name for mention in mentions}
    mentions += tuple(other for other in images_of_objects(common) if other.image.name not in known)
    survey = Survey(tree, find_dockerfiles(tree), layout, objects, common, mentions, manifests.kustomizations)
    return replace(survey, mentions=(*mentions, *_of_overlays(survey)))


def _of_overlays(survey: Survey) -> Iterator[ImageMention]:
    """The images that an overlay brings: neither in common, nor what it calls one of those."""
    known = {mention.image.name for mention in survey.mentions}
    for name, folder in survey.layout.environments.items() if survey.layout.kind == KUSTOMIZE else ():
        entries = survey.kustomizations[folder].get("images") or []
        called = {str(entry.get("newName")) for entry in entries if isinstance(entry, dict)}
        for mention in images_of_objects(survey.objects[name]):
            if mention.image.name not in known | called:
                known.add(mention.image.name)
                yield mention


def _namespace(objects: list[dict], where: str) -> str:
    names = sorted({item["metadata"].get("namespace") for item in objects} - {None, ""})
    if len(names) > 1:
        what = f"the manifests name several namespaces: {', '.join(names)}"
        step = (
            "An environment is one namespace: leave the others' objects out, or remove `namespace` from all."
        )
        raise AksFlowError(what, where=where, next_step=step)
    return names[0] if names else ""


def _check_folder(tree: WorkTree, folder: str) -> None:
    for submodule in tree.submodules:
        if folder and is_within(folder, submodule):
            step = "Its commits are another repository's: copy the manifests here, or adopt that one."
            raise AksFlowError("this is in a submodule", where=folder, next_step=step)
    if folder and not tree.below(folder):
        step = "Name a folder of the repository with manifests that git does not ignore."
        raise AksFlowError("there are no files in this folder", where=f"--manifests {folder}", next_step=step)


def objects_of(
    run: Runner, tree: WorkTree, manifests: ManifestFiles, layout: Layout
) -> dict[str, list[dict]]:
    """See `Survey.objects`."""
    if layout.kind == HELM:
        return chart_objects(run, tree, layout)
    if layout.kind == KUSTOMIZE:
        places = layout.environments or {"": layout.base}
        return {name: rendered(run, tree.root, place) for name, place in places.items()}
    names = layout.environments or {"": layout.folder}
    return {name: _plain(manifests, layout, name) for name in names}


def rendered(run: Runner, root: Path, folder: str) -> list[dict]:
    """What kustomize makes of a folder; AksFlowError with its words if that is nothing."""
    try:
        text = run.run(kustomize.render(root / folder)).text
    except CommandFailed as error:
        words = error.result.error_text.strip().replace(f"{root}/", "")
        what = f"kustomize does not render this:\n    {words}\n"
        raise AksFlowError(
            what, where=folder, next_step="Correct it; then run the same command again."
        ) from error
    return [item for item in yaml_text.load_all(text, folder) if item]


def _plain(manifests: ManifestFiles, layout: Layout, name: str) -> list[dict]:
    """The objects of an environment: those in its folder, and those in none."""
    inside = manifests.below(layout.folder)
    if inside.broken:
        path, why = next(iter(inside.broken.items()))
        raise AksFlowError(f"this is not YAML ({why})", where=path, next_step="Correct it.")
    others = [folder for other, folder in layout.environments.items() if other != name]
    files = [
        file
        for path, file in inside.files.items()
        if not any(is_within(path, folder) for folder in others)
        and not PurePosixPath(path).name.startswith(".")
    ]
    plain.check_once(files, layout.folder)
    return [item for file in files for item in file.objects]
