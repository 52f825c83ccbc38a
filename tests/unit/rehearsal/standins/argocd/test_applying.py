"""What kubectl says of each object."""

from aks_flow.rehearsal.standins.argocd.applying import outcomes

DEPLOYMENT = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}}
SERVICE = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}}
REFUSED = 'The Deployment "web" is invalid: spec.selector: field is immutable'


def test_every_object_gets_its_own_line():
    listed = outcomes([SERVICE, DEPLOYMENT], "deployment.apps/web configured\nservice/web unchanged\n", "")
    assert [(outcome.done, outcome.message) for outcome in listed] == [
        (True, "service/web unchanged"),
        (True, "deployment.apps/web configured"),
    ]


def test_an_object_without_a_line_was_refused_for_the_reason_given():
    errors = f"Warning: something else\n{REFUSED}\n"
    listed = outcomes([SERVICE, DEPLOYMENT], "service/web created\n", errors)
    assert [(outcome.done, outcome.message) for outcome in listed] == [
        (True, "service/web created"),
        (False, REFUSED),
    ]


def test_an_error_that_names_no_object_is_given_to_all():
    listed = outcomes([SERVICE, DEPLOYMENT], "", "error: the server does not answer\n")
    assert [outcome.message for outcome in listed] == ["error: the server does not answer"] * 2


def test_two_objects_of_one_name_in_two_namespaces_have_a_line_each():
    listed = outcomes([SERVICE, SERVICE], "service/web created\nservice/web unchanged\n", "")
    assert [outcome.message for outcome in listed] == ["service/web created", "service/web unchanged"]
