"""Third-party images: copied to the target's registry once."""

from aks_flow.core.steps import Silent, Steps
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
