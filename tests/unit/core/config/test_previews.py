"""The section `previews`: off by default, and names that fit."""

import pytest

from aks_flow.core.config.errors import ConfigError
from aks_flow.core.config.load import load


def loaded(settings, tmp_path, **previews):
    return load({**settings, "previews": {**settings["previews"], **previews}}, tmp_path)


def test_pull_requests_get_none_unless_the_configuration_says_so(config):
    with pytest.raises(ConfigError, match="no previews in this project.*previews.namespace"):
        config.with_preview(12)


def test_a_pull_request_s_environment_is_like_others_but_for_its_name(settings, tmp_path):
    config = loaded(settings, tmp_path, namespace="vote-preview").with_preview(12)
    preview = config.environment("preview-12")
    assert (preview.namespace, preview.admits, preview.target) == ("vote-preview-12", "any", "rehearsal")
    assert list(config.of("preview-12").environments)[-1] == "preview-12"


@pytest.mark.parametrize(
    ("namespace", "number"),
    [
        ("vote-preview-12", 12),
        ("vote-preview-0", 0),
        ("vote-preview-012", 0),
        ("vote-preview-", 0),
        ("vote-preview", 0),
        ("other-12", 0),
        ("vote-preview-12-3", 0),
        ("vote-preview-12345678901", 0),
    ],
)
def test_whose_preview_a_namespace_is_shows_in_its_name(settings, tmp_path, namespace, number):
    assert loaded(settings, tmp_path, namespace="vote-preview").previews.number(namespace) == number


def test_no_namespace_is_a_preview_s_where_there_are_none(config):
    assert config.previews.number("vote-preview-12") == config.previews.number("-12") == 0


@pytest.mark.parametrize("namespace", ["a" * 52, "p", "team-1-pr"])
def test_the_longest_name_still_is_a_namespace_s(settings, tmp_path, namespace):
    config = loaded(settings, tmp_path, namespace=namespace).with_preview(9999999999)
    assert len(config.environment("preview-9999999999").namespace) <= 63


@pytest.mark.parametrize("namespace", ["a" * 53, "-a", "a-", "1a", "Vote", "vote.preview", "vote_preview"])
def test_a_beginning_that_could_become_no_namespace_is_refused(settings, tmp_path, namespace):
    with pytest.raises(ConfigError, match="previews.namespace"):
        loaded(settings, tmp_path, namespace=namespace)


def test_a_preview_gets_old_after_an_hour_at_the_earliest(settings, tmp_path):
    with pytest.raises(ConfigError, match="previews.hours"):
        loaded(settings, tmp_path, hours=0)


@pytest.mark.parametrize(
    ("name", "namespace", "key"),
    [
        ("preview-3", "shop", "environments.preview-3"),
        ("demo", "vote-preview-3", "environments.demo.namespace"),
    ],
)
def test_no_other_environment_is_called_as_a_preview(settings, tmp_path, name, namespace, key):
    """It would be deleted with a pull request."""
    settings["environments"][name] = {"namespace": namespace, "admits": "any"}
    with pytest.raises(ConfigError, match=key):
        loaded(settings, tmp_path, namespace="vote-preview")


def test_a_preview_has_nothing_of_a_vault(settings, tmp_path):
    settings |= {"target": "azure", "azure": {**settings["azure"], "vault": "kv-vote"}}
    settings["azure"]["registry"] = {"name": "voteacr"}
    config = loaded(settings, tmp_path, namespace="vote-preview")
    assert config.of("dev").vault == "kv-vote"
    preview = config.with_preview(12).of("preview-12")
    assert preview.vault == "" and preview.components == ()
    assert "redis-auth" in preview.secrets_from("generated")
