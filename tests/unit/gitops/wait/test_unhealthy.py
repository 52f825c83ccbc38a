"""Which objects are not well, and why."""

from pathlib import Path

import pytest
import yaml

from aks_flow.gitops.wait import unhealthy

CASES = yaml.safe_load(Path(__file__).with_name("unhealthy.yaml").read_text())


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_an_object_that_is_not_well_says_why(case):
    assert unhealthy.sentences([case["object"]]) == ((case["says"],) if case["says"] else ())
