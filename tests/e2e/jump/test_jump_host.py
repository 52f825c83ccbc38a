"""Commands on another host: a real sshd answers."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from aks_flow.core import wait
from aks_flow.core.command import Secret, command
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed
from aks_flow.target import ssh_keepalive, ssh_runner
from aks_flow.target.ssh_runner import JumpHost
from tests.ports import free_ports

pytestmark = pytest.mark.e2e


def test_output_error_text_and_exit_code_come_back_apart(host):
    result = host.run(command("sh", "-c", "echo out; echo err >&2; exit 3", ok=(3,)))
    assert (result.code, result.stdout, result.stderr) == (3, b"out\n", b"err\n")


def test_a_code_that_is_not_allowed_is_a_failure_with_its_last_words(host):
    with pytest.raises(CommandFailed, match="no such thing"):
        host.run(command("sh", "-c", "echo no such thing >&2; exit 1"))


def test_arguments_arrive_as_they_were_whatever_is_in_them(host):
    words = ("a b", "$HOME", "`id`", "*", "it's", '"', "", "\n", "é", ";exit 9")
    result = host.run(command("printf", "%s|", *words))
    assert result.text == "".join(f"{word}|" for word in words)


def test_megabytes_go_both_ways_at_once(host):
    data = os.urandom(3_000_000)
    assert host.run(command("cat", stdin=data)).stdout == data


def test_a_program_that_does_not_read_its_input_does_not_hang_the_run(host):
    assert host.run(command("true", stdin=b"x" * 3_000_000)).code == 0


def test_a_secret_is_in_no_argument_of_any_process(host):
    asked = command(
        "sh",
        "-c",
        "cat /proc/[0-9]*/cmdline; echo ${#WORD}",
        env={"WORD": Secret("sesame" * 3), "PLAIN": "x"},
    )
    result = host.run(asked)
    assert result.text.endswith("18\n")
    assert "sesame" not in result.text


def test_a_secret_and_standard_input_arrive_both(host):
    asked = command(
        "sh", "-c", 'printf "%s:" "$WORD"; cat', env={"WORD": Secret("opensesame")}, stdin="a\nb\n"
    )
    assert host.run(asked).text == "opensesame:a\nb\n"


def test_several_commands_at_once_share_one_connection(host):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda n: host.run(command("echo", n)).text, range(12)))
    assert answers == [f"{n}\n" for n in range(12)]


def test_commands_wait_for_their_turn_where_the_host_takes_few_at_once(narrow_host):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda n: narrow_host.run(command("echo", n)).text, range(12)))
    assert answers == [f"{n}\n" for n in range(12)]


def test_a_host_that_takes_no_more_is_said(narrow_host, monkeypatch):
    monkeypatch.setattr(ssh_runner, "TURN_WITHIN", 0.2)
    idle = command("sleep", "600")
    with (
        narrow_host.follow(idle, lambda line: None),
        narrow_host.follow(idle, lambda line: None),
        pytest.raises(AksFlowError, match="takes no more sessions at once.*MaxSessions"),
    ):
        narrow_host.run(command("true"))


def test_what_is_followed_is_heard_line_by_line_and_ends_with_the_block(host, tmp_path):
    heard: list = []
    marker = tmp_path / "pid"
    script = f"echo $$ > {marker}; echo one; echo two; exec sleep 600"
    with host.follow(command("sh", "-c", script), heard.append):
        wait.until(lambda: len(heard) >= 2, "two lines", 30)
    assert heard[:2] == [b"one\n", b"two\n"]
    process = Path("/proc", marker.read_text().strip())
    wait.until(lambda: not process.exists(), "the program's end", 30)


def test_what_ends_by_itself_tells_its_exit_code(host):
    heard: list = []
    with host.follow(command("sh", "-c", "echo one; echo bad >&2; exit 4"), heard.append):
        wait.until(lambda: len(heard) == 2, "the end", 30)
    assert (heard[1].code, heard[1].stderr) == (4, b"bad\n")


def test_a_host_that_goes_silent_is_said(host, server, monkeypatch, tmp_path):
    monkeypatch.setattr(ssh_keepalive, "EVERY", 0.1)
    monkeypatch.setattr(ssh_keepalive, "WITHIN", 3)
    begun = tmp_path / "begun"
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(host.run, command("sh", "-c", 'touch "$0"; sleep 600', begun))
        wait.until(begun.exists, "the command's beginning", 30)
        with server.silent(), pytest.raises(AksFlowError, match="the connection broke off"):
            waiting.result(60)
    assert host.run(command("echo", "back")).text == "back\n"


def test_a_changed_key_is_refused(server, person):
    (person / "known_hosts").write_text(server.known_line("other_key"))
    with pytest.raises(AksFlowError, match="the jump host has another key than before.*ssh-keygen -R"):
        JumpHost(server.address).run(command("true"))


def test_an_unknown_key_is_refused(server, person):
    (person / "known_hosts").write_text("")
    with pytest.raises(AksFlowError, match="the jump host's key is not known.*ssh-keyscan"):
        JumpHost(server.address).run(command("true"))


def test_a_host_that_does_not_take_the_key_is_said(server, person):
    (person / "config").write_text(f"IdentityFile {server.folder / 'other_key'}\nIdentitiesOnly yes\n")
    with pytest.raises(AksFlowError, match="does not let you in"):
        JumpHost(server.address).run(command("true"))


def test_a_host_that_is_down_is_said(person):
    with pytest.raises(AksFlowError, match="the jump host does not answer"):
        JumpHost(f"nobody@127.0.0.1:{free_ports(1)[0]}").run(command("true"))
