"""What az says becomes a cause in one sentence, and a next step."""

from pathlib import Path

import pytest
import yaml

from aks_flow.azure import faults
from aks_flow.azure.signin.session import AzSession
from aks_flow.core.command import Result, command
from aks_flow.core.runner import CommandFailed

SAYS = yaml.safe_load(Path(__file__).with_name("says.yaml").read_text())
ASKED = command("az", "aks", "create", "--name", "x")


def failure(said: str) -> faults.AzureFailed:
    return faults.explained(CommandFailed(ASKED, Result(1, b"", said.encode())))


@pytest.mark.parametrize("case", SAYS, ids=[case["cause"][:50] for case in SAYS])
def test_each_fault_has_its_cause_its_words_and_a_next_step(case):
    error = failure(case["az"])
    assert error.what.startswith(case["cause"])
    assert case["az"].removeprefix("ERROR: ").rstrip(".") in error.what
    assert error.where == "az aks create" and error.next_step


@pytest.mark.parametrize("code", ["70021", "700213"])
def test_a_credential_that_entra_id_does_not_know_everywhere_yet_is_waited_for(code):
    error = failure(f"ERROR: AADSTS{code}: No matching federated identity record found.")
    assert "wait" in error.next_step and "azure.check-identity" in error.next_step


def test_what_no_table_knows_is_told_in_az_s_own_words():
    error = failure("WARNING: x\nERROR: (Strange) A new thing.\nCode: Strange\nMessage: A new thing.")
    assert error.what == "az failed: (Strange) A new thing"


class Failing:
    """Fails until somebody has signed in again, or so many times."""

    def __init__(self, said: str, times: int = 1000):
        self.said, self.times, self.ran = said, times, 0

    def run(self, asked):
        self.ran += 1
        if self.said and self.ran <= self.times:
            raise CommandFailed(asked, Result(1, b"", self.said.encode()))
        return Result(0, b"fine", b"")


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("az", "ERROR: AADSTS700024: Client assertion is not within its valid time range."),
        ("docker", "unauthorized: authentication required, visit https://aka.ms/acr/authorization"),
        (
            "docker",
            "failed to authorize: failed to fetch oauth token: unexpected status from POST request to "
            "https://votes.azurecr.io/oauth2/token: 401 Unauthorized",
        ),
        ("kubectl", "error: You must be logged in to the server (Unauthorized)"),
    ],
)
def test_a_sign_in_that_expires_in_mid_run_is_renewed_and_the_command_done_once_more(program, said):
    azure = Failing(said)
    session = AzSession(azure, lambda: setattr(azure, "said", ""))
    assert session.run(command(program, "x")).text == "fine"
    assert azure.ran == 2


EMPTY = (
    "ERROR: Can't find token from MSAL cache.",
    "ERROR: User 'a@b.example' does not exist in MSAL token cache. Run `az login`.",
)


@pytest.mark.parametrize("said", EMPTY)
@pytest.mark.parametrize(("times", "ran"), [(1, 2), (2, 3)])
def test_an_az_that_read_its_tokens_while_another_wrote_them_is_run_again(said, times, ran):
    azure = Failing(said, times)
    assert AzSession(azure).run(command("az", "x")).text == "fine"
    assert azure.ran == ran


@pytest.mark.parametrize("said", EMPTY)
def test_one_that_never_finds_a_token_is_signed_out(said):
    with pytest.raises(faults.AzureFailed, match="nobody is signed in"):
        AzSession(Failing(said)).run(command("az", "x"))


def test_a_second_refusal_is_a_failure():
    azure = Failing("AADSTS700024")
    with pytest.raises(faults.AzureFailed, match="has expired"):
        AzSession(azure, lambda: None).run(command("az", "x"))
    assert azure.ran == 2


def test_what_has_begun_and_may_not_be_watched_has_not_failed():
    said = (
        "ERROR: (AuthorizationFailed) The client 'x' does not have authorization to perform action "
        "'Microsoft.ContainerRegistry/locations/operationResults/read' over scope '/subscriptions/s'."
    )
    assert "operationResults" in AzSession(Failing(said)).run(command("az", "acr", "import")).error_text


def test_other_failures_renew_nothing():
    session = AzSession(Failing("no such image"), lambda: pytest.fail("nothing had expired"))
    with pytest.raises(CommandFailed):
        session.run(command("docker", "pull", "x"))
