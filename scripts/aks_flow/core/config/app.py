"""The section `app` of invoke.yaml: what is built, and the workload that answers, as frozen values."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Annotated

from aks_flow.core import image_ref, names
from aks_flow.core.config.render import RenderSettings
from aks_flow.core.names import EMPTY, matching, one_of

_GIVEN = "VERSION|REVISION|SOURCE|CREATED"  # build arguments that every build is given
_Argument = Annotated[
    str,
    matching(
        "a build argument's name, other than VERSION, REVISION, SOURCE and CREATED, which every build has",
        rf"(?!({_GIVEN})$)[A-Za-z_]\w*",
    ),
]
_SHORT_FORM_ARGS = {"PYTHON_IMAGE": "python"}


NOTHING, BUILDKIT = "none", "buildkit"  # who adds provenance and SBOM to images
_Attest = Annotated[str, one_of(NOTHING, BUILDKIT)]
_Platform = Annotated[
    str,
    matching(
        "linux, an architecture and perhaps its variant, as in linux/arm64", r"linux/[a-z0-9]+(/v[0-9]+)?"
    ),
]


@dataclass(frozen=True)
class AppImage:
    """An image that the project builds.

    context: the folder that the build is given; its git tree is the image's key. dockerfile: its path in
    there, "" for Dockerfile. target: the stage of it, "" for the last. args: build arguments, each with the
    name of an entry of `images`, whose copy it is given.
    """

    context: names.Folder
    dockerfile: Annotated[names.Folder, EMPTY] = ""
    target: Annotated[names.Word, EMPTY] = ""
    args: dict[_Argument, image_ref.Repository] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        """The context as git writes it within a tree: "" for the whole."""
        path = str(PurePosixPath(self.context))
        return "" if path == "." else path

    @property
    def file(self) -> str:
        """The Dockerfile's path in the repository."""
        return str(PurePosixPath(self.context, self.dockerfile or "Dockerfile"))

    @property
    def is_plain(self) -> bool:
        """Whether the context alone says how it is built."""
        return self == AppImage(self.context)


@dataclass(frozen=True)
class App:
    """name: of the workload that answers. manifests: their folder; render: how it is read.

    images: what is built, by name, which is the image's repository too. context: the short form of the one
    image that is called as the app. platforms: what they are built for; none: the builder's own.
    attest: who adds provenance and SBOM to the images.
    """

    name: names.ObjectName
    manifests: names.Folder
    context: names.Folder = ""
    images: dict[image_ref.Repository, AppImage] = field(default_factory=dict)
    render: RenderSettings = RenderSettings()
    platforms: tuple[_Platform, ...] = ()
    attest: _Attest = NOTHING

    @property
    def own_image(self) -> str:
        """The name of the image that stands for all: the one called as the app, or the first."""
        return self.name if self.context or self.name in self.images else next(iter(self.images))

    @property
    def built_images(self) -> dict[str, AppImage]:
        """What is built, by name, the own image first."""
        if self.context:
            return {self.name: AppImage(self.context)}
        return {self.own_image: self.images[self.own_image], **self.images}

    def base_images(self, name: str, images: Container[str]) -> Mapping[str, str]:
        """The build arguments of an image that are given a copy, with its name in ``images``.

        The short form gives `python`, if there is such an entry, to PYTHON_IMAGE.
        """
        if self.context:
            return {argument: base for argument, base in _SHORT_FORM_ARGS.items() if base in images}
        return self.images[name].args


def faults(app: App, images: Container[str]) -> Iterator[tuple[str, str]]:
    """(path within the section, what is wrong). images: the names of the others' images."""
    if not (app.context or app.images):
        yield "context", "is missing"
    if app.context and app.images:
        yield "context", "is the short form of `app.images`: one of the two must go"
    for name, image in app.images.items():
        if name in images:
            yield f"images.{name}", "is called as an entry of `images`, which others publish"
        for argument, base in image.args.items():
            if base not in images:
                yield f"images.{name}.args.{argument}", f"must name an entry of `images`, not {base!r}"
