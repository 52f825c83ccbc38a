"""What the app reads from its environment."""

import json
from pathlib import Path

import pytest
from vote.config import Config, ConfigError
from vote.release import Release, tag_and_digest

IMAGES = json.loads((Path(__file__).parent / "data" / "images.json").read_text())


@pytest.mark.parametrize("case", IMAGES, ids=lambda case: case["image"] or "none")
def test_tag_and_digest_are_found_behind_a_registrys_port(case):
    assert tag_and_digest(case["image"]) == (case["tag"], case["digest"])


def test_the_pins_tag_goes_before_the_version_baked_in():
    baked = {"APP_VERSION": "1.0.0", "APP_COMMIT": "abc"}
    assert Release.from_environ({**baked, "APP_IMAGE": "r:1/front:1.1.0"}).version == "1.1.0"
    assert Release.from_environ({**baked, "APP_IMAGE": "r:1/front@sha256:abc"}).version == "1.0.0"
    assert Release.from_environ(baked).version == "1.0.0"


def test_outside_a_cluster_the_host_is_the_pod_and_the_rest_is_unknown():
    assert Release.from_environ({"HOSTNAME": "desk"}) == Release("unknown", "unknown", "", "", "desk")


def test_spaces_around_answers_do_not_count():
    assert Config.from_environ({"OPTIONS": " Tea , Coffee,"}).options == ("Tea", "Coffee")


@pytest.mark.parametrize("options", ["", "Tea", "Tea,", "Tea,Tea", " , "])
def test_fewer_than_two_different_answers_are_an_error_that_names_the_variable(options):
    with pytest.raises(ConfigError, match="^OPTIONS is "):
        Config.from_environ({"OPTIONS": options})


def test_an_empty_title_is_an_error_that_names_the_variable():
    with pytest.raises(ConfigError, match="^TITLE is "):
        Config.from_environ({"TITLE": " "})


def test_the_signing_key_is_shared_by_those_who_share_the_password():
    keys = [Config.from_environ({"REDIS_PASSWORD": word}).signing_key for word in ("a", "a", "b")]
    assert keys[0] == keys[1] != keys[2]
    assert keys[0] != b"a"


def test_without_a_password_every_process_has_its_own_key():
    assert Config.from_environ({}).signing_key != Config.from_environ({}).signing_key
