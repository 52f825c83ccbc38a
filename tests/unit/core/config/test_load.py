import subprocess
from contextlib import nullcontext
from copy import deepcopy
from dataclasses import is_dataclass
from typing import get_args, get_origin, get_type_hints

import pytest

from aks_flow.core.config import Config
from aks_flow.core.config.errors import ConfigError
from aks_flow.core.config.load import load
from aks_flow.core.config.reaching import reaching
from aks_flow.core.config.sections import Environment


def test_the_repository_s_own_file_is_valid(settings, tmp_path):
    config = load(settings, tmp_path)
    assert config.destination.registry == "localhost:5050"
    assert config.destination.kubeconfig == str(tmp_path / ".rehearsal/kubeconfig")


def put(settings: dict, path: str, value) -> dict:
    *parents, last = path.split(".")
    place = settings
    for parent in parents:
        place = place[parent]
    place[last] = value
    return settings


# A key of an environment's gates, its value -> what is said.
GATES = (
    ("soak", {"seconds": 5}, "soak.in` must be another environment, not ''"),
    ("soak", {"in": "production", "seconds": 5}, "soak.in` must be another environment, not 'production'"),
    ("soak", {"in": "stagging", "seconds": 5}, "soak.in` must be another environment, not 'stagging'"),
    ("soak", {"in": "staging"}, "soak.seconds` must be at least 1"),
    ("soak", {"in": "staging", "seconds": -1}, "soak.seconds` must be at least 1"),
    ("soak", "1 day", "soak` must be a mapping, not a text"),
    ("checks", [""], r"checks\[0\]` must be a sentence on one line"),
    ("commands", ['"open'], r"commands\[0\]` must be a command"),
    ("approvals", -1, "approvals` must not be negative"),
    ("people", 1, "people` is not a known key"),
)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("targett", "x", r"invoke.yaml: `targett` is not a known key. Did you mean 'targe"),
        (
            "targets.cluster.registrry",
            "x",
            r"`targets.cluster.registrry` is not a known key. Did you mean 'registry'",
        ),
        ("images.redis.packages", "x", r"`images.redis.packages` must be a list, not a text"),
        ("images.redis.packages", [1], r"`images.redis.packages\[0\]` must be a text, not a number"),
        (
            "images.other",
            {"source": "quay.io/team/redis:7.4-bookworm"},
            r"`images.other.source` has the same copy, redis:7.4-bookworm, as images.redis: pin one",
        ),
        ("deadline", 0, r"`deadline` must be at least 1 second"),
        ("lock.wait", 0, r"`lock.wait` must be at least 1 second"),
        ("canary.steps", [], r"`canary.steps` must be rising percentages, 1 to 100"),
        ("canary.steps", [50, 10], r"`canary.steps` must be rising percentages"),
        ("canary.steps", [0, 10], r"`canary.steps` must be rising percentages"),
        ("canary.steps", [10, 101], r"`canary.steps` must be rising percentages"),
        ("canary.steps", [10, True], r"`canary.steps\[1\]` must be a number, not true or false"),
        ("canary.seconds", -1, r"`canary.seconds` must not be negative"),
        ("rehearsal.api_port", 99999, r"`rehearsal.api_port` must be a port"),
        ("rehearsal.azure_port", 0, r"`rehearsal.azure_port` must be a port"),
        ("rehearsal.change", {"path": "/"}, r"`rehearsal.change.file` is missing"),
        (
            "environments.dev.admits",
            "all",
            r"`environments.dev.admits` must be one of: any, alpha, candidate, final",
        ),
        *(
            ("environments.production.gates", {path: value}, f"`environments.production.gates.{message}")
            for path, value, message in GATES
        ),
        ("contract.service", "", "`contract.service` is missing: `contract.port` is one of its ports"),
        (
            "contract",
            {"version": {"path": "/version", "key": "version"}},
            "`contract.service` is missing: `contract.version` is asked through it",
        ),
        ("contract", {}, "`contract.service` is missing: `smoke` is asked through it"),
        ("contract.version.header", "X-Version", "`contract.version` needs one of `key` and `header`"),
        ("contract.version", {"path": "/version"}, "`contract.version` needs one of `key` and `header`"),
        ("contract.version", {"key": "version"}, "`contract.version.path` is missing"),
        ("contract.port", True, "`contract.port` must be a text, not true or false"),
        ("contract.port", [9000], "`contract.port` must be a text, not a list"),
        ("secrets.redis-auth.keys", [], "`secrets.redis-auth.keys` must name at least one key"),
        ("secrets.redis-auth", {"keys": ["password"]}, "`secrets.redis-auth.from` is missing"),
        ("secrets.redis-auth.from_", "vault", "`secrets.redis-auth.from_` is not a known key"),
        ("secrets.redis-auth.from", "generated", "`secrets.redis-auth.component` is for"),
        ("secrets.redis-auth.keys", ["a.b", "a_b"], "`secrets.redis-auth.keys` has a key that a vault"),
        ("secrets.redis-auth.keys", ["a" * 127], "`secrets.redis-auth` is too long for a vault"),
        ("test.unit", [], "`test.unit` must have at least one command"),
        ("checks.accept", [{"rule": "resources"}], r"`checks.accept\[0\].object` is missing"),
        ("deadline", "soon", r"`deadline` must be a number, not a text"),
        ("deadline", True, r"`deadline` must be a number, not true or false"),
        ("environments", [], r"`environments` must be a mapping, not a list"),
        ("app", None, r"`app` must be a mapping, not nothing"),
        ("target", "clustr", r"`target` must be one of: rehearsal, .*, not 'clustr'. Did you mean 'cluster'"),
        (
            "target",
            "cluster",
            r"`targets.cluster.registry` is empty, and a registry is needed.*INVOKE_TARGETS_CLUSTER_REGISTRY",
        ),
    ],
)
def test_a_fault_names_the_path_of_its_key(settings, tmp_path, path, value, message):
    with pytest.raises(ConfigError, match=message):
        load(put(settings, path, value), tmp_path)


def test_a_missing_key_is_named(settings, tmp_path):
    del settings["app"]["context"]
    with pytest.raises(ConfigError, match="`app.context` is missing"):
        load(settings, tmp_path)


def test_an_app_that_tells_nothing_needs_no_contract(settings, tmp_path):
    for key in ("contract", "smoke", "secrets", "checks", "lint", "test"):
        del settings[key]
    config = load(settings, tmp_path)
    assert (config.contract.service, config.contract.version.path, config.secrets) == ("", "", {})


@pytest.mark.parametrize(
    ("login", "vault", "generated", "from_vault", "components"),
    [
        ("docker", "", ["made", "safe"], [], ()),
        ("docker", "vote-vault", ["made", "safe"], [], ()),
        ("azure", "", ["made", "safe"], [], ()),
        ("azure", "vote-vault", ["made"], ["safe"], ("mount",)),
    ],
)
def test_a_secret_comes_from_the_vault_where_the_target_has_one(
    settings, tmp_path, login, vault, generated, from_vault, components
):
    settings["azure"]["vault"], settings["targets"]["rehearsal"]["login"] = vault, login
    settings["secrets"] = {
        "made": {"keys": ["password"], "from": "generated"},
        "there": {"keys": ["password"], "from": "existing"},
        "safe": {"keys": ["password"], "from": "vault", "component": "mount"},
    }
    config = load(settings, tmp_path)
    assert list(config.secrets_from("generated")) == generated
    assert list(config.secrets_from("existing")) == ["there"]
    assert list(config.secrets_from("vault")) == from_vault
    assert config.components == components


def test_the_group_that_aks_makes_for_its_nodes_has_a_name_that_azure_takes(settings, tmp_path):
    settings["azure"] |= {"group": "g" * 30, "location": "westeurope", "cluster": {"name": "c" * 35}}
    load(settings, tmp_path)
    settings["azure"]["cluster"]["name"] += "c"
    with pytest.raises(ConfigError, match=r"`azure.cluster.name` must be shorter: .*MC_g+_c+_westeurope"):
        load(settings, tmp_path)
    settings["azure"]["cluster"]["group"] = "theirs"
    load(settings, tmp_path)


def test_an_unknown_environment_lists_the_known_ones(config):
    with pytest.raises(ConfigError, match="no environment 'qa'; there are dev, staging, production. Choose"):
        config.environment("qa")


def test_the_rehearsal_s_registry_port_is_part_of_its_address(config):
    assert config.registry_port == 5050


def test_a_wrong_value_names_the_variable_that_set_it(settings, tmp_path):
    put(settings, "environments.dev.namespace", "Bad_NS")
    variable = "INVOKE_ENVIRONMENTS_DEV_NAMESPACE"
    with pytest.raises(ConfigError) as raised:
        load(settings, tmp_path, {"PATH", variable})
    assert str(raised.value).startswith(
        f"{variable}: `environments.dev.namespace` must be 1 to 63 lower-case"
    )
    assert str(raised.value).endswith("not 'Bad_NS'. Correct or unset it.")


GOOD = {
    "app.name": ["front", "f1-x", "1front", "front.web", "a" * 64, "a" * 253],
    "app.context": ["app", ".", "apps/front end"],
    "app.render.kind": ["kustomize"],
    "environments.dev.branches": [[], ["develop"], ["release/*", "hotfix/**"]],
    "environments.dev.overlay": ["", "manifests/overlays/dev", "manifests"],
    "environments.dev.target": ["", "azure", "rehearsal"],
    "branches": [{}, {"main": "trunk", "tag": ""}, {"feature": "f-"}],
    "gitops.applications": ["", "deploy/argocd"],
    "images.python.source": ["python", "host:5000/team/python:3@sha256:" + "a" * 64],
    "images.python.packages": [["python3", "libstdc++6"], []],
    "environments.dev.namespace": ["vote", "1", "a" * 63],
    "targets.rehearsal.registry": ["localhost:1", "localhost:65535"],
    "targets.cluster.registry": [
        *("", "localhost", "localhost/team", "registry.example.com", "Registry.Example.com/a/b__c-d"),
        *("10.0.0.1:443", "[::1]:5000/x", "host:5000"),
    ],
    "targets.cluster.kubeconfig": ["", "~/.kube/config", "/a folder/config"],
    "targets.cluster.context": ["", "arn:aws:eks:eu-west-1:1:cluster/x", "me@cluster"],
    "targets.cluster.repository": [
        *("", "../origin.git", "/srv/a b.git", "https://git.example.com:8443/team/vote.git"),
        *("ssh://git@git.example.com/vote.git", "git@git.example.com:team/vote.git", "host:vote.git"),
        "file:///srv/vote.git",
    ],
    "targets.cluster.via": ["", "me@jump", "first.last@10.0.0.1:2222"],
    "gitops.branch": ["gitops", "deploy/live", "a.b", "ünïcode"],
    "gitops.namespace": ["argocd"],
    "contract.service": ["front", "f1-x"],
    "contract.port": ["", "http", "1", 9000, "9000", "a-b"],
    "contract.version.path": ["/version", "/a/b?c=d", "/"],
    "contract.version.key": ["version", "build.version", "a_b-c"],
    "secrets.redis-auth.keys": [["password"], ["a.b", "A_B-c"]],
    "secrets.redis-auth.from": ["vault"],
    "secrets.redis-auth.component": ["", "password-from-vault"],
    "checks.policy": ["restricted", "baseline", "off"],
    "checks.accept": [[{"rule": "resources", "object": "Deployment/*", "reason": "a quota sets them"}]],
    "lint": [[], ["ruff check .", "sh -c 'a b'"]],
    "test": [{}, {"unit": ["pytest 'a b'"]}],
    "rehearsal.change.file": ["a/b.html", "a b/c.py"],
    "rehearsal.change.line": ["{}", 'EDITION = "{}"', "- {}", "é {}"],
    "rehearsal.change.path": ["", "/", "/page?x=1"],
    "rehearsal.away": ["", "redis", "my-db"],
    "rehearsal.load": [
        *("", "/", "/version", "/a?b=c", "http://{environment}.shop.localhost:6552/x", "https://a/"),
    ],
    "azure.subscription": ["", "00000000-0000-0000-0000-000000000000"],
    "azure.group": ["aks-flow", "Grüppe_(1)"],
    "azure.registry.name": ["", "votes"],
    "azure.vault": ["", "vote-vault"],
    "azure.vault_accounts": [["default"], ["front", "redis"]],
    "azure.github.repository": ["", "Octo/vote"],
}
BAD = {
    "app.name": ["", "Front", "-front", "front-", "a..b", "a.-b", "a" * 254, "front/x"],
    "app.context": ["", "-x", "/abs", "../up", "a/../../b", "a:b", "a\nb"],
    "app.render.kind": ["", "Helm", "jsonnet"],
    "environments.dev.branches": [["-x"], ["a b"], ["a..b"], [""]],
    "environments.dev.overlay": ["/abs", "../up", "-x", "other"],
    "environments.dev.target": ["prod", "-x"],
    "branches.main": ["", "-b", "a b", "x/"],
    "branches.release": ["", "a b/", "/"],
    "branches.tag": ["-", "v "],
    "gitops.applications": ["/abs", "../up"],
    "images.python.source": ["", "Python", "python:", "a b", "python:a:b", "localhost:99999/x", "a..b/x"],
    "images.python.packages": [["-x"], ["Python3"], ["python3,evil"], ["a b"], ["x"]],
    "environments.dev.namespace": ["", "Bad_NS", "-a", "a-", "a.b", "a" * 64, "a\n"],
    "environments.dev.admits": ["", "all"],
    "targets.rehearsal.registry": ["localhost:5050/UPPER", "localhost:0", "example.com:5050", "localhost"],
    "targets.cluster.registry": [
        *("localhost:5050/UPPER", "host:99999", "host:", "host:5000/", "host:5000//x", "team/x", "-o.com"),
        *("https://host:5000", "user@host:5000", "a..b:1", "a_b.c", "host:5000/x:1", "host.example.com\n"),
    ],
    "targets.cluster.kubeconfig": ["--kubeconfig=x", "a\nb", "a\x1b[1m"],
    "targets.cluster.context": ["-c", "a\nb"],
    "targets.cluster.repository": [
        *("--upload-pack=touch x", "-x", "ext::sh -c x", "https://", "ftp://h/x", "ssh://-oProxyCommand=x/y"),
        *("-oX@host:path", "me@-oX:path", "host:-path", "ssh://h:0/x", "ssh://h:x/y", "a\nb", "http://[x/"),
    ],
    "targets.cluster.login": ["", "ldap"],
    "targets.cluster.via": [
        *("jump", "-o@host", "me@-host", "me@host:0", "me@host:99999", "me@host:x", "a b@c", "me@host\n"),
    ],
    "gitops.branch": [
        *("", "-b", "a..b", "a b", "a~1", "a^", "a:b", "a?", "a*", "a[", "a\\b", "/a", "a/", "a//b"),
        *("a.lock", "a.lock/b", "a@{b", ".a", "a/.b", "a.", "HEAD", "a\nb"),
    ],
    "gitops.namespace": ["", "Argo", "argo cd"],
    "contract.service": ["Front", "-front", "a.b"],
    "contract.port": ["-1", 0, 65536, "HTTP", "a--b", "-a", "a" * 16, "1/x"],
    "contract.version.path": ["version", "//elsewhere/", "/../x", "/a b", "/%2e%2e/secrets"],
    "contract.version.key": ["a..b", ".a", "a b", "a\n"],
    "contract.version.header": ["X Version", "X:", "-v", "X\n"],
    "secrets.redis-auth.keys": [["a b"], [""], ["a/b"], ["a\n"]],
    "secrets.redis-auth.from": ["", "nowhere", "Vault"],
    "secrets.redis-auth.component": ["/abs", "../up"],
    "checks.policy": ["", "strict"],
    "lint": [[""], ["a 'b"], [" "]],
    "rehearsal.change.file": ["/abs", "../up", "-x", "a\nb"],
    "rehearsal.change.line": ["", "no place", "{} {}", "a\n{}"],
    "rehearsal.change.path": ["page", "//host/", "/../x", "/a b", "http://a/"],
    "rehearsal.away": ["Redis", "-x", "a/b"],
    "rehearsal.load": ["version", "ftp://a/", "http://", "http://a b/", "//a", "/../x", "-x"],
    "azure.subscription": ["-s", "a b", "$(id)"],
    "azure.tenant": ["--tenant"],
    "azure.client": ["-c"],
    "azure.location": ["", "-l", "West Europe"],
    "azure.group": ["", "-g", "a.", "a" * 91],
    "azure.home": ["", "-h"],
    "azure.registry.name": ["vote", "vote-s", "-votes"],
    "azure.registry.sku": ["Gold"],
    "azure.vault": ["1vault", "a--b", "v"],
    "azure.vault_accounts": [["-x"], ["system:default"], "default"],
    "azure.cluster.name": ["", "-x"],
    "azure.cluster.node_size": ["", "-x"],
    "azure.github.repository": ["vote", "-o/vote", "a/b/c"],
    "azure.github.reviewers": [["-r"]],
}


def each(table: dict[str, list]) -> list:
    return [pytest.param(path, value, id=f"{path}={value!r}") for path in table for value in table[path]]


@pytest.mark.parametrize(("path", "value"), each(GOOD))
def test_a_value_of_its_keys_kind_is_taken(settings, tmp_path, path, value):
    load(put(settings, path, value), tmp_path)


@pytest.mark.parametrize(("path", "value"), each(BAD))
def test_a_value_of_another_kind_is_refused_with_its_key(settings, tmp_path, path, value):
    put(settings, path, value)
    with pytest.raises(ConfigError, match=rf"^invoke.yaml: `{path}(\[0\])?` must be ") as raised:
        load(settings, tmp_path)
    assert str(raised.value).isprintable(), "what is refused goes to a terminal"


@pytest.mark.parametrize(
    "path",
    ["environments", "targets", "images", "secrets", "test", "azure.admins", "azure.github.environments"],
)
@pytest.mark.parametrize("name", ["-x", "", "a b", "a\nb", "--help"])
def test_a_name_that_is_a_key_is_refused_too(settings, tmp_path, path, name):
    put(settings, path, {name: {}})
    with pytest.raises(ConfigError, match=r"must be .*, not "):
        load(settings, tmp_path)


def texts(cls: type, path: str = "") -> list[str]:
    """The keys whose values are texts of no kind, with those of the sections below."""
    keys = []
    for name, kind in get_type_hints(cls, include_extras=True).items():
        kinds = [kind, *get_args(kind)] if get_origin(kind) in (dict, tuple) else [kind]
        keys += [f"{path}{name}"] if str in kinds else []
        for section in (section for section in kinds if is_dataclass(section)):
            keys += texts(section, f"{path}{name}.")
    return keys


def test_every_text_is_of_a_kind():
    """But the target, which is one of `targets`, and what a body may hold."""
    assert texts(Config) == ["target", "smoke.text"]


@pytest.mark.parametrize("name", [*GOOD["gitops.branch"], *BAD["gitops.branch"]])
def test_git_itself_says_the_same_of_branches(settings, tmp_path, name):
    asked = subprocess.run(["git", "check-ref-format", "--branch", name], capture_output=True, cwd=tmp_path)
    put(settings, "gitops.branch", name)
    with nullcontext() if asked.returncode == 0 else pytest.raises(ConfigError):
        load(settings, tmp_path)


def test_an_environment_has_the_target_that_it_names_or_else_the_one_of_all(settings, tmp_path):
    put(settings, "target", "cluster")
    put(settings, "targets.cluster.registry", "registry.example.com")
    put(settings, "environments.production.target", "azure")
    put(settings, "azure.registry.name", "votes")
    config = load(settings, tmp_path)
    assert config.of("dev").destination.registry == "registry.example.com"
    assert config.of("production").destination.registry == "votes.azurecr.io"
    assert config.of("production").of("dev") == config.of("dev")


def test_only_a_target_in_use_must_be_complete_and_then_its_own_key_is_named(settings, tmp_path):
    put(settings, "target", "azure")
    put(settings, "azure.registry.name", "votes")
    put(settings, "environments.production.target", "cluster")
    config = load(settings, tmp_path)
    config.of("dev")
    with pytest.raises(ConfigError, match=r"`targets.cluster.registry` is empty, and a registry is needed"):
        config.of("production")


SECOND = {"login": "azure", "registry": "", "kubeconfig": ".azure/other", "azure": {"cluster": {"name": "b"}}}


def with_second(settings: dict) -> dict:
    return put(settings, "targets.other", deepcopy(SECOND))


def test_a_target_s_own_azure_changes_what_it_names_and_leaves_the_rest(settings, tmp_path):
    with_second(settings)
    put(settings, "azure.registry.name", "votes")
    here = load(settings, tmp_path).at("other")
    assert (here.azure.cluster.name, here.azure.group, here.azure.cluster.tier) == ("b", "aks-flow", "free")
    assert here.azure_home == tmp_path / ".azure/other"


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("targets.other.azure", {"groop": "x"}, r"`targets.other.azure.groop` is not a known key"),
        ("targets.other.azure", {"cluster": {"min_nodes": 9}}, r"`targets.other.azure.cluster.min_nodes`"),
        ("targets.other.azure", [], r"`targets.other.azure` must be a mapping, not a list"),
        ("azure.location", "", r"`azure.location` must be letters"),
        ("targets.other.kubeconfig", ".azure/kubeconfig", r"`targets.other.kubeconfig` is that of target"),
    ],
)
def test_what_is_wrong_with_a_second_azure_is_found_at_its_own_key(settings, tmp_path, path, value, message):
    put(with_second(settings), path, value)
    with pytest.raises(ConfigError, match=message):
        load(settings, tmp_path)


HELM = {"kind": "helm", "chart": "charts/vote"}


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("app.render", {"kind": "helm"}, r"`app.render.chart` is missing: the folder that holds Chart.yaml"),
        ("app.render", {"chart": "x"}, r"`app.render.chart` is for `kind: helm`, and the kind is kustomize"),
        ("app.render", {"kind": "plain", "values": ["x"]}, r"`app.render.values` is for `kind: helm`"),
        ("app.render", {**HELM, "images": {"worker": "x"}}, r"`app.render.images.worker` must be called as"),
        ("app.render", {**HELM, "images": {"front": "a..b"}}, r"`app.render.images.front` must be a key of"),
        ("app.render", {**HELM, "release": "a.b"}, r"`app.render.release` must be 1 to 53 lower-case"),
        ("environments.dev.values", ["x.yaml"], r"`environments.dev.values` is for `kind: helm`, and app.r"),
        ("environments.dev.overlay", "other/dev", r"`environments.dev.overlay` must be a folder in app.mani"),
        ("previews.values", ["x.yaml"], r"`previews.values` is for `kind: helm`, and app.rend"),
        ("previews.overlay", "other/preview", r"`previews.overlay` must be a folder in app.manifests"),
        ("branches.trunk", "x", r"`branches.trunk` must be one of: main, develop, feature"),
        ("branches.feature", "", r"`branches.feature` must be what their names begin with"),
    ],
)
def test_keys_that_do_not_fit_each_other_are_refused(settings, tmp_path, path, value, message):
    with pytest.raises(ConfigError, match=message):
        load(put(settings, path, value), tmp_path)


def test_components_are_for_kustomize(settings, tmp_path):
    with pytest.raises(ConfigError, match=r"`secrets.redis-auth.component` is for kustomize"):
        load(put(settings, "app.render", {"kind": "plain"}), tmp_path)
    assert load(put(settings, "secrets", {}), tmp_path).app.render.kind == "plain"


def test_helm_has_values_instead_of_an_overlay(settings, tmp_path):
    put(settings, "secrets", {})
    put(settings, "app.render", {**HELM, "values": ["charts/all.yaml"], "images": {"redis": "redis.image"}})
    put(settings, "environments.dev.values", ["charts/dev.yaml"])
    load(settings, tmp_path)
    put(settings, "environments.dev.overlay", "manifests/dev")
    with pytest.raises(ConfigError, match=r"`environments.dev.overlay` is for kustomize and plain manifests"):
        load(settings, tmp_path)


@pytest.mark.parametrize(
    ("environments", "branches", "expected"),
    [
        ({"dev": [], "qa": []}, {}, {"dev": ["develop"], "qa": []}),
        ({"staging": []}, {"release": "rel-"}, {"staging": ["rel-*", "hotfix/*"]}),
        ({"production": ["live"]}, {"main": "trunk"}, {"production": ["live"]}),
        ({"production": []}, {"main": "trunk"}, {"production": ["trunk"]}),
    ],
)
def test_an_environment_is_reached_by_its_own_branches_or_by_gitflow_s(environments, branches, expected):
    named = {name: Environment("x", "any", tuple(of_it)) for name, of_it in environments.items()}
    assert reaching(branches, named) == expected


def test_while_the_rehearsal_is_the_target_no_environment_leads_elsewhere(settings, tmp_path):
    put(settings, "environments.production.target", "cluster")
    config = load(settings, tmp_path)
    assert config.of("production").destination == config.destination
    assert set(config.environments_here) == set(config.environments)
