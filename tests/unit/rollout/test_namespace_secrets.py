"""The Secrets of invoke.yaml: what a namespace lacks is made, told or refused; what it has stays as it is."""

import base64
import json

import pytest

from aks_flow.core.command import Command, Result
from aks_flow.core.config.load import load
from aks_flow.core.config.secrets import ProjectSecret
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed, stdin_of
from aks_flow.gitops import namespace
from aks_flow.rollout import namespace_secrets
from aks_flow.rollout.namespace_secrets import SecretLack
from aks_flow.tools.kubectl import Kubectl, get

CLUSTER = Kubectl(context="here", namespace="shop-dev", kubeconfig="/a/b c")
OWN = "kubectl --context=here --namespace=shop-dev '--kubeconfig=/a/b c'"
NAMESPACE = "Namespace\tshop-dev\t7\t\t\t\n"
DATABASE, MAIL = "Secret\tdb\t8\t\t\tpassword user \n", "Secret\tmail\t9\t\t\ttoken \n"
SECRETS = {
    "db": {"keys": ["user", "password"], "from": "generated"},
    "mail": {"keys": ["token"], "from": "existing"},
}


class Cluster:
    """Has some objects, and keeps what is asked of it: the verb, and what was handed in.

    meanwhile: what somebody else makes before anything is made here, which is then refused.
    """

    def __init__(self, present: str, meanwhile: str = "", refusal: str = "AlreadyExists"):
        self._present, self._meanwhile, self._refusal, self.changes = present, meanwhile, refusal, {}

    def run(self, command: Command) -> Result:
        if command.reads:
            return Result(0, self._present.encode(), b"")
        verb = next(word for word in command.argv if word in ("apply", "create", "patch"))
        if self._meanwhile and verb != "patch":
            self._present, self._meanwhile = self._present + self._meanwhile, ""
            answer = Result(1, b"", f"Error from server ({self._refusal}): of STDIN\n".encode())
        else:
            self.changes[verb] = json.loads(stdin_of(command))
            answer = Result(0, b"", b"")
        if answer.code not in command.ok:
            raise CommandFailed(command, answer)
        return answer


@pytest.fixture
def config(settings, tmp_path):
    return load(settings | {"secrets": SECRETS}, tmp_path)


@pytest.mark.parametrize(
    ("present", "verbs", "missing"),
    [
        ("", ["apply", "create"], ["secret/mail"]),
        (NAMESPACE, ["create"], ["secret/mail"]),
        (NAMESPACE + DATABASE + MAIL, [], []),
        (NAMESPACE + DATABASE.replace("user ", ""), ["patch"], ["secret/mail"]),
        (NAMESPACE + DATABASE + MAIL.replace("token", "other"), [], ["token of secret/mail"]),
    ],
    ids=["nothing", "a namespace", "everything", "a key less", "a key less of what others make"],
)
def test_what_is_missing_is_made_and_what_others_make_is_told(config, present, verbs, missing):
    cluster = Cluster(present)
    assert list(map(str, namespace.ensure(cluster, CLUSTER, config))) == missing
    assert list(cluster.changes) == verbs


@pytest.mark.parametrize(
    ("present", "meanwhile", "changes"),
    [
        ("", NAMESPACE, ["create"]),
        (NAMESPACE, DATABASE, []),
        (NAMESPACE, DATABASE.replace("user ", ""), ["patch"]),
    ],
    ids=["a namespace", "a Secret", "a Secret with a key less"],
)
def test_what_somebody_makes_at_the_same_moment_stays(config, present, meanwhile, changes):
    cluster = Cluster(present + MAIL, meanwhile)
    assert namespace.ensure(cluster, CLUSTER, config) == ()
    assert list(cluster.changes) == changes


def test_a_secret_that_may_not_be_made_is_a_failure():
    cluster = Cluster(NAMESPACE, "anything", "Forbidden")
    with pytest.raises(CommandFailed, match="Forbidden"):
        namespace_secrets.make(cluster, CLUSTER, [SecretLack("db", ("user",))])


def test_a_new_secret_has_every_key_with_a_value_of_its_own(config):
    cluster = Cluster(NAMESPACE)
    namespace.ensure(cluster, CLUSTER, config)
    made = cluster.changes["create"]
    assert (made["metadata"], list(made["stringData"])) == (
        {"name": "db", "namespace": "shop-dev"},
        ["user", "password"],
    )
    assert len(set(made["stringData"].values())) == 2 and min(map(len, made["stringData"].values())) >= 24


def test_a_key_that_came_later_is_added_and_the_others_are_left(config):
    cluster = Cluster(NAMESPACE + DATABASE.replace("user ", "") + MAIL)
    namespace.ensure(cluster, CLUSTER, config)
    [(key, value)] = cluster.changes["patch"]["data"].items()
    assert key == "user" and len(base64.b64decode(value)) >= 24 and list(cluster.changes["patch"]) == ["data"]


@pytest.mark.parametrize(
    ("lack", "new_namespace", "typed"),
    [
        (
            SecretLack("mail", ("token", "user")),
            False,
            f"shop-dev lacks secret/mail. Type `{OWN} create secret generic mail "
            "--from-literal=token=… --from-literal=user=…`; or say `from: generated`.",
        ),
        (SecretLack("mail", ("token",)), True, "create namespace shop-dev` && `kubectl "),
        (
            SecretLack("mail", ("token",), exists=True),
            False,
            f"lacks token of secret/mail. Type `{OWN} "
            """patch secret mail --patch='{"stringData": {"token": "…"}}'`""",
        ),
    ],
    ids=["a Secret", "a namespace too", "a key"],
)
def test_what_others_make_is_refused_with_what_to_type(lack, new_namespace, typed):
    with pytest.raises(AksFlowError) as refused:
        namespace_secrets.refuse([lack], CLUSTER, new_namespace)
    assert typed in str(refused.value)


def test_nothing_is_refused_where_nothing_is_missing():
    wanted = {"db": ProjectSecret(("user",), "existing")}
    assert namespace_secrets.lacks(wanted, {"db": frozenset({"user", "more"})}) == ()
    namespace_secrets.refuse((), CLUSTER, new_namespace=False)


def test_what_exists_is_read_with_its_keys_and_no_value():
    assert get.parse_existing(NAMESPACE + DATABASE + "Lease\tlock\t4\tme@here 1f\t\t\n") == {
        "namespace/shop-dev": get.Existing("7"),
        "secret/db": get.Existing("8", keys=frozenset({"user", "password"})),
        "lease/lock": get.Existing("4", holder="me@here 1f"),
    }
