"""What the machine refuses ends in one sentence; a fault of ours does not hide behind it."""

import errno
import os

import pytest
from invoke import Exit

from aks_flow.cli import machine


@pytest.mark.parametrize(
    ("number", "file", "sentence"),
    [
        (errno.ENOSPC, "/tmp/full", "error: /tmp/full: this machine refuses it: No space left on device. "),
        (errno.EACCES, "app/key", "error: app/key: this machine refuses it: Permission denied. "),
        (errno.EMFILE, None, "error: this machine refuses it: Too many open files. "),
    ],
)
def test_what_the_machine_refuses_any_program_is_a_sentence(capsys, number, file, sentence):
    with pytest.raises(Exit) as ended, machine.refusals_shown():
        raise OSError(number, os.strerror(number), file)
    assert ended.value.code == 1
    assert capsys.readouterr().err.startswith(sentence)


def test_a_file_that_should_be_there_is_a_fault_of_ours():
    with pytest.raises(FileNotFoundError), machine.refusals_shown():
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", "folder/file")
