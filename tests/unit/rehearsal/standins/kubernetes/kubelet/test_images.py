"""Image references, a registry's refusals, credentials."""

import asyncio
import base64
import json

import pytest

from aks_flow.rehearsal.standins.kubernetes.kubelet.engine import EngineError
from aks_flow.rehearsal.standins.kubernetes.kubelet.images import credentials, reference, refusals
from aks_flow.rehearsal.standins.kubernetes.kubelet.images.puller import Puller, PullError

DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("text", "host", "pinned"),
    [
        ("redis", "", "redis:latest"),
        ("redis:7", "", "redis:7"),
        ("team/app:1", "", "team/app:1"),
        ("localhost:5000/app", "localhost:5000", "localhost:5000/app:latest"),
        ("localhost:5000/a/b:1.2", "localhost:5000", "localhost:5000/a/b:1.2"),
        (f"r.example.com/app@{DIGEST}", "r.example.com", f"r.example.com/app@{DIGEST}"),
        (f"localhost/app:1@{DIGEST}", "localhost", f"localhost/app@{DIGEST}"),
    ],
)
def test_a_reference_is_pinned_to_what_the_engine_takes(text, host, pinned):
    parsed = reference.parse(text)
    assert (parsed.registry, reference.pinned(parsed)) == (host, pinned)


@pytest.mark.parametrize("text", ["", "No:Upper", "a b", "app:", "app@", "app@sha256:12", "-app", "a//b"])
def test_what_is_no_reference_is_refused_in_kubelets_words(text):
    with pytest.raises(reference.InvalidImageName, match="invalid reference format"):
        reference.parse(text)


def test_only_an_image_pushed_or_pulled_under_its_name_is_held():
    parsed = reference.parse("localhost:5000/app:1")
    image = {"RepoDigests": [f"localhost:5001/app@{DIGEST}", f"localhost:5000/app@{DIGEST}"]}
    assert reference.held_digest(parsed, image) == f"localhost:5000/app@{DIGEST}"
    assert reference.held_digest(parsed, {"RepoDigests": []}) == ""
    assert reference.held_digest(parsed, {"RepoDigests": None}) == ""


@pytest.mark.parametrize(
    ("text", "said"), [("app:1", ""), (f"app:1@{DIGEST}", "sha256:b"), (f"app@{DIGEST}", "sha256:b")]
)
def test_of_an_image_pulled_by_its_digest_the_runtime_knows_no_tag(text, said):
    assert reference.reported(reference.parse(text), "sha256:b") == said


REFUSED = 'Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused'


UNREAD = "failed to copy: httpReadSeeker: failed open: could not fetch content descriptor"


@pytest.mark.parametrize("said", ["unknown blob", "blob unknown to registry"])
def test_what_the_registry_lost_of_an_image_is_not_found(said):
    head = 'rpc error: code = NotFound desc = failed to pull and unpack image "r/app:1": '
    assert refusals.explain("r/app:1", said) == f"{head}{UNREAD} from remote: not found"


@pytest.mark.parametrize(
    ("said", "code", "why"),
    [
        (
            "manifest for r/app:1 not found: manifest unknown: manifest unknown",
            "NotFound",
            "r/app:1: not found",
        ),
        ("name unknown: repository name not known to registry", "NotFound", "r/app:1: not found"),
        (REFUSED, "Unavailable", "failed to do request: " + REFUSED.replace("Get", "Head")),
        ("lookup r: no such host", "Unavailable", "failed to do request: lookup r: no such host"),
        ("no basic auth credentials", "Unknown", "failed to authorize: no basic auth credentials"),
        ("unexpected status 500", "Unknown", "unexpected status 500"),
    ],
)
def test_a_refusal_says_whether_waiting_helps(said, code, why):
    head = f'rpc error: code = {code} desc = failed to pull and unpack image "r/app:1": '
    assert refusals.explain("r/app:1", said) == f"{head}failed to resolve image: {why}"


class Lacking:
    """An engine whose registries have no image."""

    async def image(self, reference: str) -> None:
        """None is there."""

    async def pull(self, reference: str, auth: dict | None) -> None:
        raise EngineError(404, "manifest unknown: manifest unknown")


@pytest.mark.parametrize(
    ("text", "named"),
    [("r.example/app:1", "r.example/app:1"), (f"r.example/app:1@{DIGEST}", f"r.example/app@{DIGEST}")],
)
def test_what_cannot_be_pulled_by_its_digest_is_named_without_its_tag(tmp_path, text, named):
    told = []
    pull = Puller(Lacking(), tmp_path).ensure({"image": text}, [], lambda *words: told.append(words))
    with pytest.raises(PullError) as refused:
        asyncio.run(pull)
    assert str(refused.value).endswith(f'unpack image "{named}": failed to resolve image: {named}: not found')
    assert told == [("Pulling", f'Pulling image "{text}"')]


def docker_config(auths: dict) -> dict:
    text = json.dumps({"auths": auths}).encode()
    return {"data": {".dockerconfigjson": base64.b64encode(text).decode()}}


def test_credentials_are_found_by_registry():
    encoded = base64.b64encode(b"me:p:w").decode()
    secrets = [
        docker_config({"other.example.com": {"username": "x", "password": "y"}}),
        docker_config({"https://r.example.com/v2/": {"auth": encoded}}),
    ]
    assert credentials.for_host(secrets, "r.example.com") == {"username": "me", "password": "p:w"}
    assert credentials.for_host(secrets, "nowhere.example.com") is None


def test_a_secret_that_is_no_docker_configuration_gives_no_credentials():
    secrets = [{"data": {".dockerconfigjson": base64.b64encode(b"{").decode()}}, {"data": {}}, {}]
    assert credentials.for_host(secrets, "r.example.com") is None


def test_the_node_s_own_credentials_are_for_the_registries_that_its_file_names(tmp_path):
    assert credentials.of_node(tmp_path, "localhost:6551") is None
    login = {"username": "kubelet", "password": "secret"}
    (tmp_path / credentials.OF_NODE).write_text(json.dumps({"localhost:6551": login}))
    assert credentials.of_node(tmp_path, "localhost:6551") == login
    assert credentials.of_node(tmp_path, "localhost:5050") is None
