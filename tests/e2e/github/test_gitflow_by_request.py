"""A feature's way to production by pull requests, where nobody may push to main and develop."""

import pytest

from tests.e2e.scale import only_in_full

pytestmark = only_in_full  # `rehearse --gitflow` without pull requests runs the same workflow files


@pytest.fixture(scope="module")
def cycles(rehearsal) -> list[dict]:
    """By push, then by pull."""
    return rehearsal.document("rehearse", "--gitflow", "--pr")


@pytest.mark.parametrize("at", [0, 1], ids=["push", "pull"])
def test_production_gets_what_staging_had_and_nothing_is_built_for_it(cycles, at):
    cycle = cycles[at]
    reached = {push["environment"]: push["image"] for push in cycle["pushes"] if push["environment"]}
    assert reached["production"].partition("@")[2] == reached["staging"].partition("@")[2] != ""
    assert f":{cycle['version']}@" in reached["production"] and cycle["builds"] == 0
    assert cycle["requests"] is True


@pytest.mark.parametrize("at", [0, 1], ids=["push", "pull"])
def test_every_request_was_checked_and_every_merge_delivered_and_finished(cycles, at):
    started = [
        [
            (run["workflow"].rpartition("/")[2], run["event"]["base"] or run["event"]["ref"])
            for run in push["runs"]
        ]
        for push in cycles[at]["pushes"]
    ]
    assert sorted(started[1]) == [
        *(("ci.yml", "develop"), ("deliver.yml", "refs/heads/develop"), ("finish.yml", "develop")),
    ]
    assert sorted(started[3]) == [
        *(("ci.yml", "develop"), ("ci.yml", "main")),
        *(("deliver.yml", "refs/heads/develop"), ("deliver.yml", "refs/heads/main")),
        *(("finish.yml", "develop"), ("finish.yml", "main")),
    ]
    assert {run["state"] for push in cycles[at]["pushes"] for run in push["runs"]} == {"success"}
