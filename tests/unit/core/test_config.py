import pytest

from aks_flow.core.config import ConfigError, load


def test_the_repository_s_own_file_is_valid(settings, tmp_path):
    config = load(settings, tmp_path)
    assert config.destination.registry == "localhost:5050"
    assert config.destination.kubeconfig == str(tmp_path / ".rehearsal/kubeconfig")


def put(settings: dict, path: str, value) -> dict:
    *parents, last = path.split(".")
    place = settings
    for parent in parents:
        place = place[parent]
    place[last] = value
    return settings


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("targett", "x", r"invoke.yaml: `targett` is not a known key. Did you mean 'targe"),
        (
            "targets.cluster.registrry",
            "x",
            r"`targets.cluster.registrry` is not a known key. Did you mean 'registry'",
        ),
        ("images.redis.packages", "x", r"`images.redis.packages` must be a list, not a text"),
        ("images.redis.packages", [1], r"`images.redis.packages\[0\]` must be a text, not a number"),
        ("deadline", 0, r"`deadline` must be at least 1 second"),
        ("lock.wait", 0, r"`lock.wait` must be at least 1 second"),
        ("canary.steps", [], r"`canary.steps` must be rising percentages, 1 to 100"),
        ("canary.steps", [50, 10], r"`canary.steps` must be rising percentages"),
        ("canary.steps", [0, 10], r"`canary.steps` must be rising percentages"),
        ("canary.steps", [10, 101], r"`canary.steps` must be rising percentages"),
        ("canary.steps", [10, True], r"`canary.steps\[1\]` must be a number, not true or false"),
        ("canary.seconds", -1, r"`canary.seconds` must not be negative"),
        ("rehearsal.api_port", 99999, r"`rehearsal.api_port` must be a port"),
        ("rehearsal.azure_port", 0, r"`rehearsal.azure_port` must be a port"),
        (
            "environments.dev.admits",
            "all",
            r"`environments.dev.admits` must be one of: any, candidate, final",
        ),
        ("deadline", "soon", r"`deadline` must be a number, not a text"),
        ("deadline", True, r"`deadline` must be a number, not true or false"),
        ("environments", [], r"`environments` must be a mapping, not a list"),
        ("app", None, r"`app` must be a mapping, not nothing"),
        ("target", "clustr", r"there is no target 'clustr'. Did you mean 'cluster'"),
        (
            "target",
            "cluster",
            r"targets.cluster.registry: a registry is needed.*INVOKE_TARGETS_CLUSTER_REGISTRY",
        ),
    ],
)
def test_a_fault_names_the_path_of_its_key(settings, tmp_path, path, value, message):
    with pytest.raises(ConfigError, match=message):
        load(put(settings, path, value), tmp_path)


def test_a_missing_key_is_named(settings, tmp_path):
    del settings["app"]["context"]
    with pytest.raises(ConfigError, match="`app.context` is missing"):
        load(settings, tmp_path)


def test_an_unknown_environment_lists_the_known_ones(config):
    with pytest.raises(ConfigError, match="no environment 'qa'.*dev, production, staging"):
        config.environment("qa")


def test_the_rehearsal_s_registry_port_is_part_of_its_address(config):
    assert config.registry_port == 5050


def test_a_rehearsal_registry_elsewhere_is_refused(settings, tmp_path):
    elsewhere = load(put(settings, "targets.rehearsal.registry", "registry.example.com/team"), tmp_path)
    with pytest.raises(
        ConfigError, match=r"targets.rehearsal.registry: the rehearsal's registry is localhost:PORT"
    ):
        _ = elsewhere.registry_port
