"""`app.images` in invoke.yaml: what is taken, and what is refused with its key."""

import copy

import pytest

from aks_flow.core.config.errors import ConfigError
from tests.unit.several_images.project import SETTINGS, config


def changed(path: str, value: object) -> dict:
    settings = copy.deepcopy(SETTINGS)
    *parents, last = path.split("/")
    place = settings
    for parent in parents:
        place = place[parent]
    place[last] = value
    return settings


def test_the_image_called_as_the_app_comes_first(tmp_path):
    assert list(config(tmp_path).app.built_images) == ["web", "api"]


def test_without_one_of_the_app_s_name_the_first_stands_for_all(tmp_path):
    assert config(tmp_path, changed("app/name", "shop")).app.own_image == "api"


def test_no_third_party_image_is_required(tmp_path):
    settings = changed("app/images", {"web": {"context": "."}})
    assert config(tmp_path, settings | {"images": {}}).app.built_images["web"].folder == ""


def test_the_short_form_gives_an_entry_python_to_its_build_argument(tmp_path):
    short = {"name": "web", "context": "services/web", "manifests": "deploy"}
    app = config(tmp_path, SETTINGS | {"app": short}).app
    assert app.base_images("web", {"python", "store"}) == {"PYTHON_IMAGE": "python"}
    assert app.base_images("web", {"store"}) == {}


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("app/images", {}, "`app.context` is missing"),
        ("app/context", "services/web", "`app.context` is the short form of `app.images`: one of the two"),
        ("app/images/store", {"context": "x"}, "`app.images.store` is called as an entry of `images`"),
        ("app/images/Web", {"context": "x"}, "`app.images.Web` must be lower-case letters"),
        ("app/images/api/contxt", "x", "`app.images.api.contxt` is not a known key. Did you mean 'context'"),
        ("app/images/api/context", "/api", "`app.images.api.context` must be the path of a folder"),
        ("app/images/api/dockerfile", "../Dockerfile", "`app.images.api.dockerfile` must be the path"),
        ("app/images/api/target", "--push", "`app.images.api.target` must be letters"),
        (
            "app/images/api/args",
            {"BASE": "runtme"},
            "`app.images.api.args.BASE` must name an entry of `images`",
        ),
        (
            "app/images/api/args",
            {"VERSION": "runtime"},
            "must be a build argument's name, other than VERSION",
        ),
        ("app/images/api/args", {"A B": "runtime"}, "must be a build argument's name"),
        ("app/images/api/args", ["BASE"], "`app.images.api.args` must be a mapping, not a list"),
    ],
)
def test_a_fault_names_the_path_of_its_key(tmp_path, path, value, message):
    with pytest.raises(ConfigError, match=message):
        config(tmp_path, changed(path, value))
