"""az: the container registry, found, signed in to, filled and built in."""

import json
from dataclasses import replace

from aks_flow.core.command import Command, Secret, flags
from aks_flow.core.config.azure import AzureSettings
from aks_flow.core.image_ref import ImageRef, in_full
from aks_flow.core.reading import reads, text_of
from aks_flow.tools.az import FOUND_OR_NOT, Az
from aks_flow.tools.docker import ImageBuild

TOKEN_USER = "00000000-0000-0000-0000-000000000000"  # ACR's name for "the password is a token"


def show(az: Az, azure: AzureSettings) -> Command:
    return there(az, azure).command("acr", "show", *named(azure), reads=True, ok=FOUND_OR_NOT)


def token(az: Az, azure: AzureSettings) -> Command:
    """A registry token of the signed-in identity's; three hours long, for `docker login`."""
    return there(az, azure).command(
        "acr", "login", *flags(name=azure.registry.name, expose_token=True), reads=True, private=True
    )


@reads("az", private=True)
def parse_token(text: str) -> tuple[str, Secret]:
    """The registry's address and the token."""
    answer = json.loads(text)
    return text_of(answer["loginServer"]), Secret(text_of(answer["accessToken"]))


def bring(
    az: Az, azure: AzureSettings, original: ImageRef, copy: ImageRef, password: Secret | None = None
) -> Command:
    """Copy an image into the registry, from registry to registry; ends when it is there.

    password: of the account at Docker Hub that the configuration names, for an image from there.
    """
    words = flags(source=source(original), image=f"{copy.repository}:{copy.tag}", force=True)
    if password is None or not source(original).startswith("docker.io/"):
        return there(az, azure).command("acr", "import", *named(azure), *words)
    account = flags(username=azure.docker_hub.user, password="@-")
    return there(az, azure).command("acr", "import", *named(azure), *words, *account, stdin=password)


def source(image: ImageRef) -> str:
    """An image by the full name that Azure needs; it takes a tag or a digest, not both."""
    return str(in_full(image.with_tag("" if image.digest else image.tag, image.digest)))


def build(az: Az, azure: AzureSettings, asked: ImageBuild, folder: str) -> Command:
    """Build a folder in Azure and push the result; its log on standard output."""
    words = flags(
        registry=azure.registry.name,
        resource_group=azure.registry.group or azure.group,
        image=f"{asked.image.repository}:{asked.image.tag}",
        no_format=True,
    )
    return there(az, azure).command("acr", "build", *words, *asked.options, folder)


def named(azure: AzureSettings) -> tuple[str, ...]:
    """The options that say which registry."""
    return flags(name=azure.registry.name, resource_group=azure.registry.group or azure.group)


def there(az: Az, azure: AzureSettings) -> Az:
    """az, where the registry is: one that was there before may be in another subscription."""
    return replace(az, subscription=azure.registry.subscription or az.subscription)
