"""The branch itself: made once, signed and attributed as git says, refused in one sentence."""

import subprocess
from dataclasses import replace

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.gitops.branch.branch import open_branch
from aks_flow.gitops.branch.init import init_branch
from aks_flow.gitops.deliver import deliver
from tests.e2e.gitops.world import git
from tests.programs import need


def test_the_branch_is_made_once_and_shares_no_history(bare_world):
    branch = open_branch(bare_world.run, bare_world.config)
    assert (init_branch(branch), init_branch(branch)) == (True, False)
    assert bare_world.commits() == 1
    assert "gitops.deliver" in bare_world.show("README.md")


def test_without_an_identity_the_commit_has_a_stated_one(world):
    world.publish("0.1.0-alpha.1")
    deliver(world.context, "dev")
    assert git(world.remote, "log", "-1", "--format=%an <%ae> %cn", "refs/heads/gitops") == (
        "aks-flow <aks-flow@localhost> aks-flow"
    )


def test_a_person_s_identity_is_kept(world):
    git(world.clone, "config", "user.name", "Ann")
    git(world.clone, "config", "user.email", "ann@localhost")
    world.publish("0.1.0-alpha.1")
    deliver(world.context, "dev")
    assert git(world.remote, "log", "-1", "--format=%an <%ae>", "refs/heads/gitops") == "Ann <ann@localhost>"


@pytest.fixture
def signing(world):
    """A clone that signs with an ssh key."""
    need("ssh-keygen")
    key = world.folder / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    for name, value in {"commit.gpgsign": "true", "gpg.format": "ssh", "user.signingkey": key}.items():
        git(world.clone, "config", name, value)
    return world


def test_the_commit_is_signed_where_git_is_told_to_sign(signing):
    signing.publish("0.1.0-alpha.1")
    deliver(signing.context, "dev")
    assert "gpgsig -----BEGIN SSH SIGNATURE-----" in git(signing.remote, "cat-file", "commit", signing.tip())


def test_a_signature_that_fails_is_one_sentence_and_no_commit(signing):
    (signing.folder / "key").unlink()
    signing.publish("0.1.0-alpha.1")
    before = signing.tip()
    with pytest.raises(AksFlowError, match="git could not sign the commit .*user.signingkey"):
        deliver(signing.context, "dev")
    assert signing.tip() == before


def test_a_hook_s_no_is_passed_on_and_not_repeated(world):
    hook = world.remote / "hooks" / "pre-receive"
    hook.write_text(f"#!/bin/sh\necho again >>{world.folder}/asked\necho only on Tuesdays >&2\nexit 1\n")
    hook.chmod(0o755)
    world.publish("0.1.0-alpha.1")
    with pytest.raises(AksFlowError, match="(?s)a hook declined the push to gitops:.*only on Tuesdays"):
        deliver(world.context, "dev")
    assert (world.folder / "asked").read_text() == "again\n"


REMOTES = {
    "nowhere": ("/nowhere/at all.git", "there is no git repository at the remote"),
    "nobody listens": ("http://127.0.0.1:1/o.git", "the git remote does not answer"),
}


@pytest.mark.parametrize(("remote", "sentence"), REMOTES.values(), ids=REMOTES)
def test_a_remote_that_cannot_be_used_is_one_sentence(world, remote, sentence):
    world.publish("0.1.0-alpha.1")
    config = world.config
    target = replace(config.targets["rehearsal"], repository=remote)
    context = replace(world.context, config=replace(config, targets={"rehearsal": target}))
    with pytest.raises(AksFlowError, match=sentence):
        deliver(context, "dev")


def test_outside_of_a_repository_that_is_what_is_said(world, tmp_path_factory):
    config = replace(world.config, root=tmp_path_factory.mktemp("nothing"))
    with pytest.raises(AksFlowError, match="this is not a git repository.*clone of the app"):
        open_branch(world.run, config)


def test_another_write_between_reading_and_pushing_is_taken_up(world):
    """The tip moves under the first push: the change is derived again, and both are there."""
    world.publish("0.1.0-alpha.1", "0.1.0-rc.1")
    rival = world.cloned("rival")
    pushed = []

    class Slow(type(world.run)):
        def run(self, command):
            if "push" in command.argv and not pushed:
                pushed.append(deliver(rival.context, "staging"))
            return super().run(command)

    world.run = Slow()
    outcome = deliver(world.context, "dev", "0.1.0-alpha.1")
    assert (outcome.status, world.pin("staging"), world.pin("dev")) == (
        "written",
        "0.1.0-rc.1",
        "0.1.0-alpha.1",
    )
    assert git(world.remote, "log", "-2", "--format=%s", "refs/heads/gitops").splitlines() == [
        "Deliver 0.1.0-alpha.1 to dev",
        "Deliver 0.1.0-rc.1 to staging",
    ]


def test_a_push_whose_answer_was_lost_is_found_to_have_landed(world):
    world.publish("0.1.0-alpha.1")

    class Deaf(type(world.run)):
        def run(self, command):
            answer = super().run(command)
            if "push" not in command.argv:
                return answer
            return replace(answer, code=128, stdout=b"", stderr=b"fatal: the remote end hung up unexpectedly")

    world.run = Deaf()
    outcome = deliver(world.context, "dev")
    assert (outcome.status, outcome.commit, world.commits()) == ("written", world.tip(), 2)
