"""A job's token is as good as the identity's credentials say, letter by letter; roles say what it may do."""

from tests.e2e.azure.conftest import AUDIENCE, SUBJECT


def test_the_right_subject_signs_in_and_sees_what_its_roles_show(azure, estate, deployer):
    assert azure.ok("acr", "list", home=deployer) == []  # AcrPush pushes, and shows nothing
    assert azure.ok("group", "list", home=deployer) == []
    refused = azure.refused("group", "delete", "--name", "estate", "--yes", home=deployer)
    assert "AuthorizationFailed" in refused or "does not have authorization" in refused


def test_another_letter_case_is_another_subject(azure, estate, tmp_path):
    home, subject = azure.other(tmp_path), SUBJECT.replace("owner", "Owner")
    said = _sign_in(azure, estate, home, azure.job_token(subject))
    assert "AADSTS700213" in said and subject in said


def test_a_token_for_somebody_else_is_refused(azure, estate, tmp_path):
    home = azure.other(tmp_path)
    assert "AADSTS700212" in _sign_in(azure, estate, home, azure.job_token(SUBJECT, AUDIENCE + "/"))


def test_a_sign_in_ends_when_its_token_does(azure, tmp_path):
    home = azure.other(tmp_path)
    with azure.faults({"at": "token", "lifetime": 0}):
        owner = ("--username", azure.seed.owner, "--password", "@-", "--tenant", azure.seed.tenant)
        said = azure.refused("login", "--service-principal", *owner, home=home, input=azure.seed.owner_secret)
    assert "ExpiredAuthenticationToken" in said or "expired" in said


def _sign_in(azure, estate, home, token: str) -> str:
    who = ("--service-principal", "--username", estate.client, "--tenant", azure.seed.tenant)
    return azure.refused("login", *who, "--federated-token", "@-", home=home, input=token)
