"""Where a scenario delivers to, whatever a project calls its branches and environments."""

from dataclasses import replace

import pytest

from aks_flow.core.config.errors import ConfigError
from aks_flow.core.config.sections import Environment
from aks_flow.rehearsal.scenarios import routes


def environments(config, branches: dict[str, str], **others: tuple[str, tuple[str, ...]]):
    """A configuration with these environments: admits and branches of each."""
    made = {
        name: Environment(f"shop-{name}", admits, reached, "rehearsal")
        for name, (admits, reached) in others.items()
    }
    return replace(config, branches=branches, environments=made)


@pytest.mark.parametrize(
    ("branches", "others", "pushed", "pulled"),
    [
        (
            {},
            {"dev": ("any", ()), "staging": ("candidate", ()), "production": ("final", ())},
            "dev",
            "staging",
        ),
        ({}, {"live": ("final", ("main",)), "try": ("any", ("develop",))}, "try", "try"),
        ({}, {"qa": ("candidate", ("release/*",)), "test": ("any", ("develop",))}, "test", "qa"),
        ({}, {"a": ("any", ()), "b": ("any", ()), "c": ("candidate", ())}, "a", "b"),
        ({}, {"a": ("any", ()), "b": ("any", ()), "c": ("candidate", ("release/*",))}, "a", "c"),
        ({}, {"only": ("any", ("develop", "release/*"))}, "only", "only"),
        (
            {"develop": "trunk", "release": "rel-"},
            {"pre": ("candidate", ("rel-*",)), "old": ("any", ()), "int": ("any", ("trunk",))},
            "int",
            "pre",
        ),
    ],
)
def test_a_scenario_follows_the_branches_and_the_policies(config, branches, others, pushed, pulled):
    made = environments(config, branches, **others)
    assert (routes.pushed_to(made), routes.pulled_to(made)) == (pushed, pulled)


def test_a_project_that_takes_releases_alone_is_told(config):
    with pytest.raises(ConfigError, match="environments: no environment takes what develop delivers. Let"):
        routes.pushed_to(environments(config, {}, live=("final", ("main",))))


def test_the_branches_are_called_as_the_project_calls_them(config):
    named = environments(config, {"develop": "trunk", "main": "live", "release": "rel-"})
    found = (routes.develop(named), routes.main(named), routes.release(named, "1.5.0"))
    assert found == ("trunk", "live", "rel-1.5.0")


def test_the_repository_s_own_scenario_goes_to_dev_and_staging(config):
    assert (routes.pushed_to(config), routes.pulled_to(config)) == ("dev", "staging")
