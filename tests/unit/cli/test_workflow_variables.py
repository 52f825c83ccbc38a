"""What a workflow's variables say of the configuration: those that are set, and no others."""

import json

import pytest

from aks_flow.cli import workflow_variables
from aks_flow.core.errors import AksFlowError
from tests.unit.cli.test_program import inv

JOB = {"GITHUB_ACTIONS": "true"}


def taken(**environment: str) -> dict[str, str]:
    given = dict(environment)
    workflow_variables.take(given)
    return {name: value for name, value in given.items() if name.startswith("INVOKE_")}


def test_an_empty_variable_of_a_workflow_is_not_set():
    assert taken(**JOB, INVOKE_TARGET="", INVOKE_DEADLINE="60") == {"INVOKE_DEADLINE": "60"}


def test_elsewhere_an_empty_variable_is_one():
    assert taken(INVOKE_TARGET="") == {"INVOKE_TARGET": ""}


def test_all_that_the_job_was_given_counts_unless_it_is_set_already():
    variables = {
        "INVOKE_TARGET": "prod",
        "INVOKE_DEADLINE": "",
        "INVOKE_LOCK_WAIT": "5",
        "AZURE_CLIENT_ID": "me",
        "DELIVERY": "pull",
    }
    assert taken(**JOB, INVOKE_LOCK_WAIT="9", AKSFLOW_VARIABLES=json.dumps(variables)) == {
        "INVOKE_TARGET": "prod",
        "INVOKE_LOCK_WAIT": "9",
        "INVOKE_AZURE_CLIENT": "me",
    }


@pytest.mark.parametrize("text", ["{", "[]", '"x"', "null"])
def test_what_is_not_github_s_is_refused(text):
    with pytest.raises(AksFlowError, match="these are no variables of GitHub's. Hand them over as"):
        taken(**JOB, AKSFLOW_VARIABLES=text)


def test_the_program_takes_no_value_of_invoke_yaml_away():
    answer = inv("flow.version", **JOB, INVOKE_TARGETS_REHEARSAL_REGISTRY="", INVOKE_DEADLINE="")
    assert answer.returncode == 0, answer.stderr


def test_the_program_says_in_one_sentence_what_is_wrong_with_them():
    answer = inv("flow.version", **JOB, AKSFLOW_VARIABLES="{")
    assert (answer.returncode, answer.stderr.count("\n")) == (1, 1) and "AKSFLOW_VARIABLES" in answer.stderr
