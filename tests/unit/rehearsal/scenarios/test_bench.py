"""The figures' own cluster stands beside the rehearsal's."""

from aks_flow.rehearsal.scenarios.bench import standin
from tests.e2e.standin import configuration


def test_a_cluster_beside_the_rehearsal_s_has_its_own_place_and_port_and_the_same_images(tmp_path):
    config = configuration(tmp_path / "rehearsal")
    own = standin.beside(config, tmp_path / "own", 1234)
    assert (own.rehearsal.api_port, own.state.parent) == (1234, tmp_path / "own")
    assert own.images == config.images and own.rehearsal.azure_port == config.rehearsal.azure_port
