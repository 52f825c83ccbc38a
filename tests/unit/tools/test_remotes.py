"""What names another repository, or something in it, is an operand to git and never an option."""

from pathlib import Path

import pytest

from aks_flow.tools.git import remote_refs, remotes

HOSTILE = "--upload-pack=touch /tmp/taken"
REPO = Path("/repo")
COMMANDS = {
    "all_refs": remote_refs.all_refs(REPO, HOSTILE),
    "ls_remote": remote_refs.ls_remote(REPO, HOSTILE, HOSTILE),
    "clone": remotes.clone(HOSTILE, HOSTILE),
    "fetch": remotes.fetch(REPO, HOSTILE),
    "fetch_all": remotes.fetch_all(REPO, HOSTILE),
    "fetch_branches": remotes.fetch_branches(REPO, HOSTILE, "refs/copies"),
    "fetch_tags": remotes.fetch_tags(REPO, HOSTILE),
    "fetch_refs": remotes.fetch_refs(REPO, HOSTILE, HOSTILE),
    "fetch_commit": remotes.fetch_commit(REPO, HOSTILE, HOSTILE),
    "push": remotes.push(REPO, HOSTILE, HOSTILE, gone={HOSTILE: HOSTILE}),
    "push_commit": remotes.push_commit(REPO, HOSTILE, HOSTILE, HOSTILE),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_no_name_is_an_option(name):
    argv = COMMANDS[name].argv
    assert HOSTILE not in argv[: argv.index("--")] and HOSTILE in argv


def test_every_command_that_takes_one_is_here():
    takes = [
        name
        for name, value in (*vars(remotes).items(), *vars(remote_refs).items())
        if callable(value) and "remote" in getattr(value, "__annotations__", {})
    ]
    assert sorted(takes) == sorted(set(COMMANDS) - {"clone"})
