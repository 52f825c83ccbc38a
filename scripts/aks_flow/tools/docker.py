"""docker: argument lists and parsers."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass

from aks_flow.core.command import Command, Result, Secret, command, flags
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.reading import reads, text_of


def version() -> Command:
    """The engine's version; a non-zero exit code if no engine answers."""
    return command("docker", "version", *flags(format="{{.Server.Version}}"), reads=True, ok=range(256))


def root() -> Command:
    """The folder in which the engine keeps images and containers."""
    return command("docker", "info", *flags(format="{{.DockerRootDir}}"), reads=True, ok=range(256))


def is_refused(answer: Result) -> bool:
    """True if `version` found an engine that does not let this user in."""
    return bool(answer.code) and "permission denied while trying to connect" in answer.error_text


@dataclass(frozen=True)
class ImageBuild:
    """What an image is built from, and what it is called.

    context: a tar. arguments: the build arguments. dockerfile: its path in the tar. target: the stage to
    build. "" is left to whoever builds.
    """

    image: ImageRef
    context: bytes
    arguments: Mapping[str, str]
    dockerfile: str = ""
    target: str = ""

    @property
    def options(self) -> tuple[str, ...]:
        """Those that docker, buildx and az have in common."""
        arguments = [f"{name}={value}" for name, value in self.arguments.items()]
        return flags(file=self.dockerfile or None, target=self.target or None, build_arg=arguments)


def build(asked: ImageBuild) -> Command:
    """Build from the tar on standard input: what is in the tree, and nothing else, goes in."""
    return command("docker", "build", *flags(tag=asked.image), *asked.options, "-", stdin=asked.context)


def push(image: ImageRef) -> Command:
    return command("docker", "push", *flags(quiet=True), image)


def login(host: str, user: str, password: Secret) -> Command:
    return command("docker", "login", host, *flags(username=user, password_stdin=True), stdin=password)


def bring(original: ImageRef, copy: ImageRef) -> tuple[Command, ...]:
    """Copy an image to another registry, through the engine."""
    return pull(original), tag(original, copy), push(copy)


def pull(image: ImageRef) -> Command:
    return command("docker", "pull", *flags(quiet=True), image)


def tag(image: ImageRef, copy: ImageRef) -> Command:
    return command("docker", "tag", image, copy)


def image_id(image: ImageRef) -> Command:
    """The image's id; exit code 1 if the engine does not have it."""
    return command("docker", "image", "inspect", *flags(format="{{.Id}}"), image, reads=True, ok=(0, 1))


def digests(image: ImageRef) -> Command:
    """Where it was pushed to or pulled from."""
    words = flags(format="{{json .RepoDigests}}")
    return command("docker", "image", "inspect", *words, image, reads=True, ok=(0, 1))


@reads("docker")
def parse_digests(text: str) -> list[ImageRef]:
    """Its names there, each with a digest; none for an image that the engine does not have."""
    return [ImageRef.parse(name) for name in json.loads(text or "null") or []]


def starts(image: ImageRef, program: str, *words: str) -> Command:
    """A container in which a program of the image ends; not 0 if the image has no such program."""
    options = flags(rm=True, network="none", entrypoint=program)
    return command("docker", "run", *options, image, *words, reads=True, ok=range(256))


HUB_LOGIN = "https://index.docker.io/v1/"  # under this name docker keeps the login to Docker Hub


def stored_login(config: str, host: str) -> tuple[str, Secret] | None:
    """The user and password that a docker config.json holds for a registry, or None.

    One of UNREADABLE if it is no such file, as from `credential_helper`.
    """
    entry = json.loads(config).get("auths", {}).get(host, {})
    if not entry.get("auth"):
        return None
    user, _, password = base64.b64decode(entry["auth"]).decode().partition(":")
    return user, Secret(password)


def credential_helper(config: str, host: str) -> str:
    """The name of the credential helper in charge of a registry, or ""."""
    settings = json.loads(config)
    return text_of(settings.get("credHelpers", {}).get(host) or settings.get("credsStore", ""))


def ask_helper(name: str, host: str) -> Command:
    return command(f"docker-credential-{name}", "get", stdin=host, reads=True, ok=range(256), private=True)


@reads("docker's credential helper", private=True)
def parse_helper(text: str) -> tuple[str, Secret]:
    answer = json.loads(text)
    return text_of(answer["Username"]), Secret(text_of(answer["Secret"]))
