"""Signing in: a job by its token, a person in a browser; everything in folders of the run's own."""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml

from aks_flow.azure.signin import job_token, kept_token, kubeconfig, session, signin
from aks_flow.core.command import Command, Result
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed
from aks_flow.core.steps import Silent, Steps
from aks_flow.target import docker_login

TOKEN, REGISTRY_TOKEN = "job-token-sesame", "registry-token-sesame"
ACCOUNT = {"id": "sub", "name": "Sandbox", "tenantId": "tenant", "user": {"name": "vote-dev"}}
LOGIN = {"loginServer": "votes.azurecr.io", "accessToken": REGISTRY_TOKEN}


KUBELOGIN = [
    "get-token",
    "--environment",
    "AzurePublicCloud",
    "--server-id",
    "server",
    "--login",
    "devicecode",
]
ENTRA = {"users": [{"name": "me", "user": {"exec": {"command": "kubelogin", "args": KUBELOGIN}}}]}


class GitHub(BaseHTTPRequestHandler):
    """GitHub's token endpoint: one token for whoever brings the request token and names the audience."""

    def do_GET(self):
        good = self.headers["Authorization"] == "bearer asked" and "audience=api://AzureAD" in self.path
        body = json.dumps({"value": TOKEN} if good else {"message": "no"}).encode()
        self.send_response(200 if good else 401)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def job():
    """The variables of a workflow's job."""
    server = HTTPServer(("127.0.0.1", 0), GitHub)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield {
        "GITHUB_ACTIONS": "true",
        "ACTIONS_ID_TOKEN_REQUEST_URL": f"http://127.0.0.1:{server.server_port}/token?api-version=2.0",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "asked",
    }
    server.shutdown()


class Programs:
    """az and docker: what they were given, and a kubeconfig where one is asked for."""

    def __init__(self, kubeconfig: str = "users: []", refuse: str = ""):
        self.ran: list[Command] = []
        self._kubeconfig, self._refuse = kubeconfig, refuse

    def run(self, asked: Command) -> Result:
        self.ran.append(asked)
        words = " ".join(asked.argv)
        if self._refuse and self._refuse in words:
            said = b"ERROR: (ResourceNotFound) The Resource was not found."
            raise CommandFailed(asked, Result(3, b"", said))
        if "get-credentials" in words:
            [file] = [word.removeprefix("--file=") for word in asked.argv if word.startswith("--file=")]
            Path(file).write_text(self._kubeconfig)
        answers = {"account show": ACCOUNT, "acr login": LOGIN}
        return Result(
            0, next((json.dumps(a).encode() for key, a in answers.items() if key in words), b""), b""
        )

    @property
    def lines(self) -> list[str]:
        return [str(command) for command in self.ran]


def sign_in(config, programs: Programs, environment: dict, attach=lambda command: 0) -> None:
    run = session.AzSession(programs)
    whole = signin.AzureSignIn(run, config, session.az(config), attach, environment)
    whole.everywhere(Steps(Silent()))


@pytest.fixture
def settings(settings):
    settings["azure"].update(client="client", tenant="tenant", subscription="sub")
    return settings


def test_a_job_signs_in_with_its_token_and_no_token_is_an_argument(config, job):
    programs = Programs()
    sign_in(config, programs, job)
    assert programs.lines[0].startswith(
        "az login --service-principal --username=client --tenant=tenant --federated-token=@-"
    )
    assert programs.ran[0].stdin.reveal() == TOKEN
    assert "docker login votes.azurecr.io --username=" in " ".join(programs.lines)
    [docker] = [command for command in programs.ran if command.argv[0] == "docker"]
    assert docker.argv[-1] == "--password-stdin" and docker.stdin.reveal() == REGISTRY_TOKEN
    assert "sesame" not in repr(programs.ran)
    assert all(
        command.env["AZURE_CONFIG_DIR"] == str(config.root / ".azure" / "cli")
        for command in programs.ran
        if command.argv[0] == "az"
    )


def test_nothing_outside_the_run_s_own_folder_holds_a_token(config, job):
    sign_in(config, Programs(), job)
    texts = [file.read_text() for file in config.root.rglob("*") if file.is_file()]
    assert not any("sesame" in text for text in texts)
    assert (config.root / ".azure" / "cli").stat().st_mode & 0o777 == 0o700


def test_a_person_signs_in_on_the_terminal(config):
    asked: list[str] = []
    sign_in(config, Programs(), {}, lambda command: asked.append(str(command)) or 0)
    assert asked == ["az login --tenant=tenant --output=none --only-show-errors"]


def test_a_kubeconfig_that_asks_entra_id_is_made_to_ask_az(config):
    programs = Programs(yaml.safe_dump(ENTRA))
    sign_in(config, programs, {})
    file = config.root / ".azure" / "kubeconfig"
    assert programs.ran[-1].env["KUBECONFIG"] == str(file)  # or az has the person's own converted
    [user] = yaml.safe_load(file.read_text())["users"]
    asks, cli = user["user"]["exec"], config.root / ".azure" / "cli"
    kept = str(cli / "kubectl-tokens" / "server")
    assert [asks["command"], *asks["args"][:3]] == [sys.executable, "-S", kept_token.__file__, kept]
    assert asks["args"][3:7] == ["az", "account", "get-access-token", "--resource=server"]
    assert {"name": "AZURE_CONFIG_DIR", "value": str(cli)} in asks["env"]
    assert asks["interactiveMode"] == "Never" and file.stat().st_mode & 0o077 == 0


def test_a_new_sign_in_finds_no_token_of_the_one_before(config):
    kept = kubeconfig.kept_tokens(session.az(config)) / "server"
    kept.parent.mkdir(parents=True)
    kept.write_text("{}")
    sign_in(config, Programs(), {})
    assert not kept.exists()


@pytest.mark.parametrize(
    "user",
    [{"token": "t"}, {"client-certificate-data": "c"}, {"exec": {"command": "aws", "args": ["eks"]}}, {}],
)
def test_a_kubeconfig_that_calls_no_kubelogin_stays_as_it_is(config, user):
    text = json.dumps({"users": [{"name": "me", "user": user}]})
    assert kubeconfig.let_az_ask(text, session.az(config)) == text


def test_a_kubeconfig_that_names_no_application_is_refused(config):
    text = yaml.safe_dump({"users": [{"name": "me", "user": {"exec": {"command": "kubelogin"}}}]})
    with pytest.raises(AksFlowError, match="calls kubelogin without --server-id"):
        kubeconfig.let_az_ask(text, session.az(config))


def test_what_is_not_made_yet_is_said_and_not_a_failure(config, job):
    programs = Programs(refuse="acr login")
    steps = Steps(Silent())
    run = session.AzSession(programs)
    signin.AzureSignIn(run, config, session.az(config), lambda _: 0, job).everywhere(steps)
    assert [step.note for step in steps.done][1] == "there is none yet: ./inv azure.up makes it"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ACTIONS_ID_TOKEN_REQUEST_URL": ""}, "gives this job no OIDC token.*id-token: write"),
        ({"ACTIONS_ID_TOKEN_REQUEST_TOKEN": "other"}, "did not answer as it should"),
    ],
)
def test_a_job_without_a_token_is_told_why(config, job, change, message):
    with pytest.raises(AksFlowError, match=message):
        sign_in(config, Programs(), {**job, **change})


def test_another_tenant_than_configured_is_refused(config, settings, job, monkeypatch):
    monkeypatch.setitem(ACCOUNT, "tenantId", "other")
    with pytest.raises(AksFlowError, match="signed in to tenant other, not to tenant"):
        sign_in(config, Programs(), job)


def test_a_job_that_does_not_know_who_it_is_is_refused(config, job):
    from dataclasses import replace

    nobody = replace(config, azure=replace(config.azure, client=""))
    with pytest.raises(AksFlowError, match="azure.client: it is not known who this job is"):
        sign_in(nobody, Programs(), job)


def test_signing_out_leaves_nothing(config, job):
    programs = Programs()
    sign_in(config, programs, job)
    assert signin.sign_out(programs, session.az(config), config.azure_home)
    assert not config.azure_home.exists()
    config.azure_home.mkdir()
    (config.azure_home / "somebody's").write_text("")
    assert not signin.sign_out(programs, session.az(config), config.azure_home)
    assert [file.name for file in config.azure_home.iterdir()] == ["somebody's"]


def test_docker_means_the_person_s_engine_and_none_of_their_logins(config, tmp_path):
    own = tmp_path / "own"
    (own / "contexts").mkdir(parents=True)
    login = {"currentContext": "far", "auths": {"x": {"auth": "c2VzYW1l"}}}
    (own / "config.json").write_text(json.dumps(login))
    docker_login.prepare(tmp_path / "new", {"DOCKER_CONFIG": str(own)})
    assert json.loads((tmp_path / "new" / "config.json").read_text()) == {"currentContext": "far"}
    assert (tmp_path / "new" / "contexts").resolve() == own / "contexts"


def test_another_run_of_the_clone_may_be_quicker_with_docker_s_folder(tmp_path, monkeypatch):
    (tmp_path / "own" / "contexts").mkdir(parents=True)
    monkeypatch.setattr(Path, "exists", lambda self: False)  # as it was a moment ago
    for _ in range(2):
        docker_login.prepare(tmp_path / "new", {"DOCKER_CONFIG": str(tmp_path / "own")})
    assert (tmp_path / "new" / "contexts").is_symlink()


def test_a_job_is_one_only_in_a_workflow():
    assert job_token.in_job({"GITHUB_ACTIONS": "true"}) and not job_token.in_job({})
