import json
import pickle

import pytest

from aks_flow.core.command import Command, Secret, command

SEEDED = "s3cr3t-value"


def test_arguments_stay_a_list_whatever_they_hold():
    hostile = ["a b", "'", '"', ";", "$(id)", "`id`", "*", ""]
    assert command("echo", *hostile).argv == ("echo", *hostile)


def test_a_secret_is_shown_in_no_text_form():
    built = command("kubectl", "create", stdin=Secret(SEEDED), env={"PASSWORD": Secret(SEEDED)})
    forms = [str(built), repr(built), f"{built}", str(built.env), json.dumps(str(built)), repr(built.stdin)]
    assert not any(SEEDED in form for form in forms)


def test_a_secret_may_not_be_an_argument():
    with pytest.raises(TypeError, match="argv"):
        command("login", Secret(SEEDED))


def test_a_secret_is_not_serialised():
    with pytest.raises(TypeError):
        pickle.dumps(Secret(SEEDED))


def test_a_command_reads_as_a_person_would_type_it():
    assert str(Command(("git", "commit", "-m", "two words"))) == "git commit -m 'two words'"
