"""What a local run passes over is listed line by line."""

import json
from pathlib import Path

from aks_flow.cli.workflows import fidelity_task
from aks_flow.workflows import tree
from aks_flow.workflows.fidelity import left_out
from tests.task_context import GivenTask

ROOT = Path(__file__).resolve().parents[3]
SOUND = (Path(__file__).parent / "fixtures" / "sound.yml").read_text()


def lines(text: str) -> list[tuple[int, str]]:
    return sorted((line, key) for line, key, *_ in left_out(tree.read("w.yml", text)))


def test_each_key_that_act_ignores_has_its_line():
    expected = [(7, "permissions"), (10, "concurrency"), (38, "permissions")]
    assert lines(SOUND) == sorted([*expected, *((line, "timeout-minutes") for line in (17, 27, 37))])


def test_a_job_that_signs_in_with_a_token_is_named():
    assert (39, "oidc") in lines(SOUND.replace("contents: write #", "id-token: write #"))


def test_a_cache_that_is_not_kept_is_named():
    cached = SOUND.replace("./inv lint", "./inv lint\n      - uses: actions/cache@abc # v5")
    assert cached != SOUND and [key for _, key in lines(cached)].count("cache") == 1


def test_the_approval_of_production_is_never_taken_for_rehearsed(capsys):
    fidelity_task(GivenTask(ROOT), json=True)
    differences = json.loads(capsys.readouterr().out)
    approvals = {difference["file"] for difference in differences if difference["rule"] == "environment"}
    assert approvals >= {f".github/workflows/{name}.yml" for name in ("deliver", "promote", "undo")}
