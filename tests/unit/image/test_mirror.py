"""Third-party images: copied to the target's registry once."""

import pytest

from aks_flow.core.command import command
from aks_flow.core.errors import AksFlowError
from aks_flow.core.steps import Silent, Steps
from aks_flow.image import mirror as mirroring
from aks_flow.image.mirror import mirror
from aks_flow.target.delivery import DeliveryContext
from tests.unit.planned import DIGEST, Planned, Shelf


def test_third_party_images_are_copied_once(config):
    commands = Planned(
        {
            "docker pull --quiet redis:7.4-bookworm": "",
            "docker tag redis:7.4-bookworm localhost:5050/redis:7.4-bookworm": "",
            "docker push --quiet localhost:5050/redis:7.4-bookworm": "",
        }
    )
    shelf = Shelf(commands, held={"python:3.11-slim-bookworm": DIGEST}, pushed={"redis:7.4-bookworm": DIGEST})
    copies = mirror(DeliveryContext(commands, shelf, config, Steps(Silent())))
    assert str(copies["redis"]) == f"localhost:5050/redis:7.4-bookworm@{DIGEST}"
    assert len(commands.ran) == 3


def test_a_copy_that_does_not_arrive_is_said(config, monkeypatch):
    """Azure copies on after its answer, where the identity may not ask how far it is."""
    monkeypatch.setattr(mirroring, "ARRIVED", 0.01)
    commands = Planned({"copy redis": ""})
    shelf = Shelf(commands, held={"python:3.11-slim-bookworm": DIGEST})
    context = DeliveryContext(commands, shelf, config, Steps(Silent()), lambda *_: [command("copy", "redis")])
    with pytest.raises(AksFlowError, match="arrival of localhost:5050/redis:7.4-bookworm"):
        mirror(context)
