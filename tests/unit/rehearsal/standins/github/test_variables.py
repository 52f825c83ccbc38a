"""The repository's variables have the names that GitHub takes."""

import pytest

from aks_flow.core.errors import AksFlowError


@pytest.mark.parametrize("name", ["DELIVERY", "_a1", "a"])
def test_a_variable_is_kept_until_it_has_no_value(remote, name):
    before = remote.hub.variables
    remote.hub.set_variables({name: "pull"})
    assert remote.hub.variables == {**before, name: "pull"}
    remote.hub.set_variables({name: ""})
    assert remote.hub.variables == before


@pytest.mark.parametrize("name", ["DELIVERY=pull", "", "1A", "A B", "A-B", "GITHUB_TOKEN", "github_x"])
def test_no_other_name_is_taken(remote, name):
    with pytest.raises(AksFlowError, match="is no variable's name"):
        remote.hub.set_variables({name: "pull"})
