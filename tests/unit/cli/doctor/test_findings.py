"""What the doctor makes of what it saw."""

from dataclasses import replace

import pytest

from aks_flow.cli.doctor.facts import DoctorFacts, Lack, Port, ProbeAnswer, StandIns
from aks_flow.cli.doctor.findings import decide
from aks_flow.cli.doctor.versions import NEEDS

GIGABYTE = 1_000_000_000
START = "./inv rehearsal.up"
SILENT = ProbeAnswer(why="the registry does not answer ([Errno 111] Connection refused)", step="Start it.")
REFUSED = ProbeAnswer(
    why="The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?"
)
ABSENT = ProbeAnswer(why="the program 'x' is not installed", step="Install it.")


def well(config, **other) -> DoctorFacts:
    """A machine and a target that lack nothing, but for what is given."""
    programs = {need.name: ProbeAnswer(f"v{need.wanted}") for need in NEEDS}
    programs |= {need.name: ProbeAnswer(f"x version {need.wanted}.0") for need in NEEDS if need.login}
    good = DoctorFacts(
        config,
        programs,
        engine=ProbeAnswer("28.5.1"),
        registry=ProbeAnswer("answers"),
        cluster=ProbeAnswer("Client Version: v1.37.1\nServer Version: v1.36.2"),
        rights={"vote-dev": ProbeAnswer("yes")},
        room={"/var/lib/docker": 5 * GIGABYTE},
    )
    return replace(good, **other)


def at(config, target: str, **keys: str):
    """The configuration with another target."""
    return replace(config, target=target, targets={target: replace(config.targets[target], **keys)})


@pytest.fixture
def cluster(config):
    return at(config, "cluster", registry="registry.example.com/team", context="mine")


@pytest.fixture
def azure(config):
    return at(config, "azure", registry="votes.azurecr.io")


def bad(facts: DoctorFacts) -> dict[str, str]:
    """What is not well, and what helps."""
    found = [finding for finding in decide(facts) if not finding.good]
    assert all(finding.help and finding.found for finding in found), "each says what is seen and what helps"
    return {finding.name: finding.help for finding in found}


@pytest.mark.parametrize("name", ["rehearsal", "cluster", "azure"])
def test_a_target_that_lacks_nothing_is_well(request, config, name):
    chosen = config if name == "rehearsal" else request.getfixturevalue(name)
    assert bad(well(chosen, azure=ProbeAnswer("{}") if name == "azure" else None)) == {}


@pytest.mark.parametrize(
    ("program", "told", "found"),
    [
        ("git", ProbeAnswer("git version 2.29.3"), "2.29.3"),
        ("git for pull requests", ProbeAnswer("git version 2.34.1"), "2.34.1"),
        ("git", ProbeAnswer("git version"), "missing"),
        ("kubectl", ProbeAnswer("Client Version: v1.30.9"), "1.30.9"),
        ("docker", ProbeAnswer("Docker version 19.03.15, build 1"), "19.03.15"),
        ("python", ProbeAnswer("Python 3.10.12"), "3.10.12"),
        ("act", ABSENT, "missing"),
    ],
)
def test_a_program_that_is_not_here_or_too_old_is_named(config, program, told, found):
    facts = well(config)
    facts = replace(facts, programs={**facts.programs, program: told})
    assert list(bad(facts)) == [program]
    assert next(finding.found for finding in decide(facts) if finding.name == program) == found


@pytest.mark.parametrize(
    ("engine", "is_root", "lacking", "help"),
    [
        (
            ProbeAnswer(why="permission denied while trying to connect to the Docker daemon"),
            False,
            (),
            "usermod",
        ),
        (ProbeAnswer(why="Cannot connect to the Docker daemon"), False, (), "systemctl start docker"),
        (ProbeAnswer(why="Cannot connect to the Docker daemon"), True, (), START),
        (ABSENT, False, (Lack("dockerd", "sudo apt-get install docker.io"),), "apt-get install docker.io"),
        (ProbeAnswer("19.03.15"), True, (), "newer Docker"),
    ],
)
def test_an_engine_that_does_not_answer_is_said_with_what_helps(config, engine, is_root, lacking, help):
    facts = well(config, engine=engine, is_root=is_root, stand_ins=StandIns(START, lacking=lacking))
    found = bad(facts)
    assert list(found) == ["docker engine"] and help in found["docker engine"]


def test_without_stand_ins_an_engine_is_started_by_its_own_means(cluster):
    down = well(cluster, engine=ProbeAnswer(why="Cannot connect to the Docker daemon"), is_root=True)
    assert bad(down) == {"docker engine": "sudo systemctl start docker"}


def test_a_rehearsal_that_is_down_is_brought_up(config):
    down = well(config, registry=SILENT, cluster=REFUSED, rights={}, stand_ins=StandIns(START))
    assert bad(down) == {"registry localhost:5050": START, "cluster rehearsal": START}


def test_programs_of_the_rehearsal_that_are_not_here_are_brought_by_their_packages(config):
    lacking = (
        *(
            Lack("docker", "sudo apt-get install docker-cli"),
            Lack("dockerd", "sudo apt-get install docker.io"),
        ),
        *(Lack("mmdebstrap", START, "the official images"), Lack("other", "install the other")),
    )
    facts = well(config, stand_ins=StandIns(START, lacking=lacking))
    facts = replace(facts, programs={**facts.programs, "docker": ABSENT})
    assert bad(facts) == {"docker": "sudo apt-get install docker-cli", "other": "install the other"}
    assert any(
        finding.name == "mmdebstrap" and "the official images" in finding.found for finding in decide(facts)
    )


def test_a_port_that_another_program_has_is_named_with_its_key(config):
    ports = (
        Port("targets.rehearsal.registry", 5050, "free"),
        Port("rehearsal.api_port", 6550, "ours"),
        Port("rehearsal.azure_port", 6551, "taken"),
    )
    [(name, help)] = bad(well(config, stand_ins=StandIns(START, ports))).items()
    assert name == "port 6551" and "rehearsal.azure_port or INVOKE_REHEARSAL_AZURE_PORT" in help


@pytest.mark.parametrize(
    ("free", "names"),
    [(5 * GIGABYTE, []), (5 * GIGABYTE - 1, ["room in /data"]), (0, ["room in /data"])],
)
def test_less_than_five_gigabytes_are_too_few(config, free, names):
    assert list(bad(well(config, room={"/data": free}))) == names


@pytest.mark.parametrize(
    ("why", "help"),
    [
        ('error: context "mine" does not exist', "targets.cluster.context"),
        (
            "Error in configuration: context was not found",
            "targets.cluster.context",
        ),
        ("error: You must be logged in to the server (Unauthorized)", "log in"),
        ("Unable to connect to the server: dial tcp: lookup k8s.example.com: no such host", "its address"),
        ("The connection to the server localhost:8080 was refused", "KUBECONFIG"),
        (
            "Unable to connect to the server: net/http: request canceled",
            "its address",
        ),
        ("something new", "targets.cluster"),
    ],
)
def test_why_a_cluster_does_not_answer_decides_what_helps(cluster, why, help):
    [(name, found)] = bad(well(cluster, cluster=ProbeAnswer(why=why), rights={})).items()
    assert name == "cluster mine" and help in found and "{" not in found


def test_what_the_error_itself_advises_is_said_where_nothing_is_known(cluster):
    told = ProbeAnswer(why="me@jump does not know this key", step="Add it with ssh-keyscan.")
    assert bad(well(cluster, cluster=told, rights={})) == {"cluster mine": "Add it with ssh-keyscan."}


def test_a_kubeconfig_that_is_not_there_is_named(config):
    named = at(config, "cluster", registry="registry.example.com", kubeconfig="/srv/none")
    facts = well(
        named, cluster=ProbeAnswer(why='context "x" does not exist'), has_kubeconfig=False, rights={}
    )
    [help] = bad(facts).values()
    assert help == "correct targets.cluster.kubeconfig: there is no /srv/none"


def test_a_cluster_that_is_too_old_is_named(cluster):
    assert list(bad(well(cluster, cluster=ProbeAnswer("Server Version: v1.26.9-eks")))) == ["cluster mine"]


def test_a_namespace_that_may_not_be_delivered_to_is_named(cluster, azure):
    rights = {"vote-dev": ProbeAnswer("yes"), "vote-production": ProbeAnswer(why="no")}
    assert list(bad(well(cluster, rights=rights))) == ["delivering to vote-production"]
    [help] = bad(well(azure, rights=rights, azure=ProbeAnswer("{}"))).values()
    assert "./inv azure.admit" in help


def test_a_question_about_rights_that_fails_is_a_finding(cluster):
    told = ProbeAnswer(why="error: You must be logged in to the server (Unauthorized)")
    assert "log in" in bad(well(cluster, rights={"vote-dev": told}))["delivering to vote-dev"]


@pytest.mark.parametrize(
    ("registry", "help"),
    [
        (
            ProbeAnswer(why="the registry answered 401: UNAUTHORIZED", step="Log in."),
            "./inv azure.login",
        ),
        (SILENT, "./inv azure.up"),
    ],
)
def test_azures_registry_asks_for_a_sign_in_or_is_to_be_made(azure, registry, help):
    [found] = bad(well(azure, registry=registry, azure=ProbeAnswer("{}"))).values()
    assert found.startswith(help)


def test_a_registry_that_refuses_says_how_to_log_in(cluster):
    told = ProbeAnswer(
        why="the registry answered 401", step="Log in with `docker login registry.example.com`."
    )
    assert bad(well(cluster, registry=told)) == {"registry registry.example.com": told.step}


def test_nobody_signed_in_to_azure_is_said(azure):
    told = ProbeAnswer(why="nobody is signed in to Azure", step="Run ./inv azure.login.")
    assert bad(well(azure, azure=told)) == {"sign-in to Azure": "./inv azure.login"}
