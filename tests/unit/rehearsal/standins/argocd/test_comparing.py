"""Whose an object is, and what git and cluster make of it together."""

import pytest

from aks_flow.rehearsal.standins.argocd import application_status, comparing, names, object_refs
from aks_flow.rehearsal.standins.argocd.object_refs import Ref
from aks_flow.rehearsal.standins.argocd.target_objects import admit, prepare


def config_map(name: str, owner: str = "", **data: str) -> dict:
    item = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": "a"},
        "data": data,
    }
    if owner:
        tracking = object_refs.tracking_id(owner, object_refs.of(item))
        item["metadata"] |= {"annotations": {names.TRACKING_ID: tracking}}
    return item


def managed(targets: list[dict], live: list[dict], read: bool = True) -> list[comparing.Managed]:
    """For the Application ``app``."""
    there = {object_refs.of(item): item for item in live}
    owned = [item for item in live if object_refs.owner(item) == "app"]
    return comparing.manage(targets, owned, there.get, read)


def statuses(listed: list[comparing.Managed]) -> dict[str, str]:
    return {item.ref.name: item.status for item in listed}


def test_the_tracking_id_is_argo_cds():
    assert (
        object_refs.tracking_id("app", Ref("apps", "Deployment", "a", "web")) == "app:apps/Deployment:a/web"
    )
    assert object_refs.tracking_id("app", Ref("", "Namespace", "", "a")) == "app:/Namespace:/a"


def test_an_object_is_owned_only_if_the_id_names_it_too():
    item = config_map("one", owner="app")
    assert object_refs.owner(item) == "app"
    item["metadata"]["name"] = "two"
    assert object_refs.owner(item) == ""
    assert object_refs.owner(config_map("one")) == ""


def test_objects_get_their_namespace_and_their_tracking_id():
    bare = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "one"}}
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a", "namespace": "x"}}
    map_target, namespace_target = prepare(
        [bare, space], "app", "a", lambda item: item["kind"] != "Namespace"
    )
    assert (
        object_refs.of(map_target) == Ref("", "ConfigMap", "a", "one")
        and object_refs.owner(map_target) == "app"
    )
    assert (
        object_refs.of(namespace_target) == Ref("", "Namespace", "", "a")
        and object_refs.owner(namespace_target) == "app"
    )
    assert "annotations" not in bare["metadata"]


def test_of_an_object_that_is_there_twice_the_last_counts_and_a_condition_says_so():
    first, last = config_map("one", key="a"), config_map("one", key="b")
    kept, warnings = admit([first, last, config_map("two")])
    assert [item["data"] for item in kept] == [{"key": "b"}, {}]
    assert warnings == (
        (
            "RepeatedResourceWarning",
            "Resource /ConfigMap/a/one appeared 2 times among application resources.",
        ),
    )


@pytest.mark.parametrize(
    ("version", "kind"),
    [
        ("v1", "Endpoints"),
        ("discovery.k8s.io/v1", "EndpointSlice"),
        ("coordination.k8s.io/v1", "Lease"),
        ("certificates.k8s.io/v1", "CertificateSigningRequest"),
        ("cert-manager.io/v1", "CertificateRequest"),
    ],
)
def test_kinds_that_others_make_are_left_out_and_a_condition_says_so(version, kind):
    excluded = {"apiVersion": version, "kind": kind, "metadata": {"name": "db", "namespace": "a"}}
    kept, [(condition, message)] = admit([excluded, config_map("two")])
    assert [item["kind"] for item in kept] == ["ConfigMap"]
    assert (condition, message) == (
        "ExcludedResourceWarning",
        f"Resource {object_refs.group(excluded)}/{kind} db is excluded in the settings",
    )


def test_an_object_that_the_project_does_not_permit_counts_as_missing_and_nothing_is_known_of_it():
    permits = {
        "spec": {"destinations": [{"server": "*", "namespace": "a"}], "namespaceResourceWhitelist": []}
    }
    target = config_map("one", owner="app", key="value")
    listed = managed([target], [target])
    refused = frozenset(comparing.refused(listed, permits))
    [item] = comparing.without_live(listed, refused)
    assert (item.live, item.status, comparing.overall([item])) == (None, "OutOfSync", "OutOfSync")
    assert application_status.resource(item, refused)["status"] == "Unknown"


def test_an_object_is_synced_out_of_sync_missing_or_extra():
    target = [config_map(name, owner="app", key="value") for name in ("same", "other", "missing")]
    live = [
        config_map("same", owner="app", key="value"),
        config_map("other", owner="app", key="edited"),
        config_map("extra", owner="app"),
        config_map("foreign"),
        config_map("theirs", owner="another"),
    ]
    listed = managed(target, live)
    expected = dict.fromkeys(("extra", "missing", "other"), names.OUT_OF_SYNC) | {"same": names.SYNCED}
    assert statuses(listed) == expected
    assert [item.ref.name for item in listed if item.prunes] == ["extra"]
    assert comparing.overall(listed) == names.OUT_OF_SYNC


def test_an_object_that_nobody_tracks_is_taken_over_when_git_wants_it():
    target = [config_map("one", owner="app", key="value")]
    listed = managed(target, [config_map("one", key="value")])
    assert statuses(listed) == {"one": names.OUT_OF_SYNC}


def test_nothing_is_said_of_any_object_when_git_cannot_be_read():
    listed = managed([], [config_map("one", owner="app")], read=False)
    assert statuses(listed) == {"one": names.UNKNOWN}


@pytest.mark.parametrize(("options", "status"), [("", "OutOfSync"), ("IgnoreExtraneous", "Synced")])
def test_an_extra_object_counts_unless_it_says_otherwise(options, status):
    extra = config_map("extra", owner="app")
    extra["metadata"]["annotations"][names.COMPARE_OPTIONS] = options
    assert comparing.overall(managed([], [extra])) == status


def test_an_object_of_another_application_is_told():
    target = [config_map("one", owner="app", key="value")]
    listed = managed(target, [config_map("one", owner="another", key="value")])
    assert comparing.shared(listed, "app") == ["ConfigMap/one is part of applications app and another"]


def test_images_are_found_in_every_kind_of_workload():
    pod = {"containers": [{"image": "b"}], "initContainers": [{"image": "a"}]}
    cron = {"jobTemplate": {"spec": {"template": {"spec": {"containers": [{"image": "c"}]}}}}}
    specs = [
        ("Deployment", {"template": {"spec": pod}}),
        ("CronJob", cron),
        ("Pod", pod),
        ("Other", {"template": "text"}),
    ]
    items = [
        {"apiVersion": "v1", "kind": kind, "metadata": {"name": kind, "namespace": "a"}, "spec": spec}
        for kind, spec in specs
    ]
    listed = [comparing.Managed(object_refs.of(item), None, item, names.SYNCED) for item in items]
    assert comparing.images(listed) == ["a", "b", "c"]


def test_an_object_that_is_skipped_counts_for_nothing():
    skipped = config_map("one")
    skipped["metadata"]["annotations"] = {names.HOOK: "Skip"}
    listed = managed([skipped], [])
    assert statuses(listed) == {"one": ""}
    assert (comparing.overall(listed), comparing.overall_health(listed)) == ("Synced", "Healthy")
