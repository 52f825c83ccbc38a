"""Pinned third-party images, held against what their tags mean now."""

from types import SimpleNamespace

import pytest

from aks_flow.cli.image import drift_task
from aks_flow.core.config.sections import ThirdPartyImage
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.image import moved_tags
from aks_flow.target.registry_http import RegistryError

OLD, NEW = (f"sha256:{letter * 64}" for letter in "12")


class Origin:
    """A registry that has one tag."""

    def __init__(self, host: str):
        self.host = host

    def digest(self, image: ImageRef) -> str | None:
        if self.host == "gone.example.com":
            raise RegistryError("the registry does not answer (no such host)", next_step="Start it.")
        assert (self.host, image.repository) == ("docker.io", "library/redis")
        return NEW if image.tag in ("7.4", "latest") else None


CASES = {
    f"redis:7.4@{NEW}": ("as pinned", ""),
    f"redis:7.4@{OLD}": (
        f"moved to {NEW}",
        f"redis: its tag has moved; write redis:7.4@{NEW} into invoke.yaml",
    ),
    f"docker.io/redis:7.4@{NEW}": ("as pinned", ""),
    f"redis:6@{OLD}": ("pinned; its tag is gone", ""),
    f"redis@{OLD}": ("pinned, without a tag that could move", ""),
    "redis:7.4": (f"not pinned; it is {NEW} now", ""),
    "redis": (f"not pinned; it is {NEW} now", ""),
    "redis:6": ("not pinned; its tag is gone", ""),
    f"gone.example.com/redis:7@{OLD}": (
        "cannot be asked",
        "redis: the registry does not answer (no such host) (gone.example.com)",
    ),
}


@pytest.mark.parametrize("source", CASES)
def test_a_pin_is_as_its_tag_or_the_difference_is_said(source):
    (pin,) = moved_tags.read({"redis": ThirdPartyImage(ImageRef.parse(source))}, Origin)
    assert (str(pin), pin.finding) == CASES[source]


@pytest.mark.parametrize(
    ("source", "step"),
    [
        (f"redis:7.4@{OLD}", "commit it to a feature branch"),
        ("gone.example.com/redis:7", "registries answer"),
    ],
)
def test_the_next_step_is_that_of_what_was_found(monkeypatch, source, step):
    images = {"redis": ThirdPartyImage(ImageRef.parse(source))}
    monkeypatch.setattr("aks_flow.cli.image.any_registry", lambda run, host: Origin(host))
    with pytest.raises(AksFlowError) as caught:
        drift_task(SimpleNamespace(config=lambda: SimpleNamespace(images=images)))
    assert step in caught.value.next_step
