"""Third-party images: copied to the target's registry once."""

import pytest

from aks_flow.core.command import command
from aks_flow.core.errors import AksFlowError
from aks_flow.core.steps import Silent, Steps
from aks_flow.image import mirror as mirroring
from aks_flow.image.mirror import mirror
from aks_flow.target.delivery import DeliveryContext
from tests.unit.planned import DIGEST, Planned, Shelf

ORIGINAL = "redis:7.4-bookworm@sha256:" + "e" * 64
COPY, BASE = "redis:7.4-bookworm-eeeeeeeeeeee", "python:3.11-slim-bookworm"


@pytest.fixture
def settings(settings):
    """A pinned image, and one that is not."""
    settings["images"]["redis"]["source"] = ORIGINAL
    settings["images"]["python"]["source"] = BASE
    return settings


def test_third_party_images_are_copied_once(config):
    commands = Planned(
        {
            f"docker pull --quiet {ORIGINAL}": "",
            f"docker tag {ORIGINAL} localhost:5050/{COPY}": "",
            f"docker push --quiet localhost:5050/{COPY}": "",
        }
    )
    shelf = Shelf(commands, held={BASE: DIGEST}, pushed={COPY: DIGEST})
    copies = mirror(DeliveryContext(commands, shelf, config, Steps(Silent())))
    assert str(copies["redis"]) == f"localhost:5050/{COPY}@{DIGEST}"
    assert len(commands.ran) == 3


def test_a_copy_that_does_not_arrive_is_said(config, monkeypatch):
    """Azure copies on after its answer, where the identity may not ask how far it is."""
    monkeypatch.setattr(mirroring, "ARRIVED", 0.01)
    commands = Planned({"copy redis": ""})
    shelf = Shelf(commands, held={BASE: DIGEST})
    context = DeliveryContext(commands, shelf, config, Steps(Silent()), lambda *_: [command("copy", "redis")])
    with pytest.raises(AksFlowError, match=f"arrival of localhost:5050/{COPY}"):
        mirror(context)
