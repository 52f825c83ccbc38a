"""The README's commands as they stand there, typed one after the other on a machine that has nothing yet."""

import re

import pytest

from tests.e2e.newcomer import mirror, readme
from tests.e2e.newcomer.machine import Answer
from tests.e2e.scale import choose, only_in_full

REHEARSE, PUSH, DOWN, TEST = "./inv rehearse", "./inv push", "./inv rehearsal.down", "./inv test"
SERVES = re.compile(
    r"(push|pull): \S+ serves alone after [\d.]+ s; (\d+) requests at up to \d+ a second, (\d+) failed"
)
OTHER_PORTS = {
    "INVOKE_TARGETS_REHEARSAL_REGISTRY": "localhost:5060",
    "INVOKE_REHEARSAL_API_PORT": "6460",
}
on_debian_12 = pytest.mark.parametrize("newcomer", ["bookworm"], indirect=True, ids=["Debian 12"])
on_debian_13 = pytest.mark.parametrize("newcomer", ["trixie"], indirect=True, ids=["Debian 13"])


def assert_serves(answer: Answer) -> None:
    """Both halves of a rehearsal brought their change, and no request failed meanwhile."""
    assert answer.exit == 0, str(answer)
    told = SERVES.findall(" ".join(answer.output.split()))
    halves = {half: failed for half, sent, failed in told if int(sent)}
    assert halves == {"push": "0", "pull": "0"}, str(answer)


def assert_refused(answer: Answer, *words: str) -> None:
    """One sentence and what to do, nothing else."""
    assert answer.exit == 1, str(answer)
    assert "Traceback" not in answer.output, str(answer)
    error = answer.output.rpartition("error: ")[2]
    assert [word for word in words if word not in error] == [], str(answer)


def test_the_readme_begins_with_the_commands_that_are_typed_here():
    first, *others = readme.commands()
    assert first == "git clone … && cd aks-flow"
    assert others == [REHEARSE, PUSH, DOWN, TEST]


@on_debian_13
def test_who_may_install_nothing_is_told_what_to_install(newcomer, somebody):
    assert_refused(somebody.types(REHEARSE), "sudo apt-get install", "docker.io", "docker-cli")


def test_the_first_rehearsal_serves(newcomer):
    assert_serves(newcomer.types(REHEARSE))


@pytest.mark.parametrize(
    "newcomer",
    choose(short=["trixie"], full=["bookworm", "trixie"]),
    indirect=True,
    ids={"bookworm": "Debian 12", "trixie": "Debian 13"}.get,
)
def test_the_second_rehearsal_serves(newcomer):
    assert_serves(newcomer.types(REHEARSE))


def test_a_push_serves(newcomer):
    pushed = newcomer.types(PUSH)
    assert pushed.exit == 0, str(pushed)


@on_debian_13
def test_who_may_not_use_the_engine_is_told_how_to(newcomer, somebody):
    refused = somebody.types(REHEARSE, **OTHER_PORTS)
    assert_refused(refused, "does not let somebody in", "sudo", "docker")


@only_in_full
@on_debian_13
def test_who_joins_the_engine_s_group_needs_no_root(newcomer, somebody):
    brought = f"install '{newcomer.clone}/.venv/bin/docker-registry' /usr/local/bin"  # as they may not
    joined = newcomer.machine.run(f"{brought} && usermod --append --groups docker {somebody.user}", "/srv")
    assert joined.exit == 0, str(joined)
    assert_serves(somebody.types(REHEARSE, **OTHER_PORTS))
    assert somebody.types(DOWN, **OTHER_PORTS).exit == 0


def test_down_leaves_nothing_running(newcomer):
    down = newcomer.types(DOWN)
    assert down.exit == 0, str(down)
    left = newcomer.machine.run("cat /proc/[0-9]*/cmdline | tr '\\0' ' '", "/srv").output
    assert "docker" not in left and "python" not in left, left


@only_in_full
@on_debian_12
def test_official_images_are_taken_where_they_can_be_pulled(newcomer):
    mirror.start(newcomer.machine, newcomer.clone)
    rehearsed = newcomer.types(REHEARSE)
    assert_serves(rehearsed)
    assert rehearsed.output.count("the official image") == 2, str(rehearsed)
    assert "replacement" not in rehearsed.output, str(rehearsed)
    assert newcomer.types(DOWN).exit == 0
