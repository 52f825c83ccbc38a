"""Who runs this, by a workflow's variables and without them."""

import getpass
import socket

from aks_flow.core import actor


def test_a_run_has_an_address_only_where_all_three_variables_are_set():
    variables = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "team/vote"}
    assert actor.run_url(variables) == ""
    assert actor.run_url({**variables, "GITHUB_RUN_ID": "7"}) == "https://github.com/team/vote/actions/runs/7"


def test_a_workflow_s_caller_is_whoever_started_it_and_a_person_has_a_machine():
    assert actor.name({"GITHUB_ACTOR": "ann"}) == "ann"
    assert actor.name({}) == f"{getpass.getuser()}@{socket.gethostname()}"


def test_a_user_without_a_name_is_somebody(monkeypatch):
    def nameless():
        raise KeyError("getpwuid(): uid not found: 12345")

    monkeypatch.setattr(getpass, "getuser", nameless)
    assert actor.name({}).startswith("somebody@")
