"""Files of ConfigMaps, Secrets and the downward API, and the directory that shows them all at once."""

import asyncio
import base64
import os

import pytest

from aks_flow.rehearsal.standins.kubernetes.kubelet.spec.fields import PodFacts
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes import payload, writer
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes.payload import File, VolumeError
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes.removal import remove_tree

POD = {
    "metadata": {
        "name": "web",
        "namespace": "shop",
        "uid": "u",
        "labels": {"tier": "front", "app": "web"},
        "annotations": {"note": 'say "hi"'},
    },
    "spec": {"containers": [{"name": "web", "resources": {"limits": {"memory": "64Mi"}}}]},
}


def encoded(value: bytes) -> str:
    return base64.b64encode(value).decode()


OBJECTS = {
    "settings": {"data": {"a": "1", "b": "2"}, "binaryData": {"raw": encoded(b"\xff")}},
    "keys": {"data": {"token": encoded(b"s3cret")}},
}
SOURCES = payload.VolumeSources(OBJECTS.get, OBJECTS.get, PodFacts("10.0.0.9", "10.0.0.1", {}))


def contents(volume: dict) -> dict[str, tuple[bytes, int]]:
    by_path = payload.files(POD, volume, SOURCES)
    return {path: (file.content, file.mode) for path, file in by_path.items()}


def test_a_config_map_is_a_file_for_each_key():
    expected = {"a": (b"1", 0o644), "b": (b"2", 0o644), "raw": (b"\xff", 0o644)}
    assert contents({"configMap": {"name": "settings"}}) == expected


def test_items_choose_keys_paths_and_modes():
    items = [{"key": "a", "path": "deep/one", "mode": 0o600}, {"key": "b", "path": "two"}]
    volume = {"configMap": {"name": "settings", "items": items, "defaultMode": 0o640}}
    assert contents(volume) == {"deep/one": (b"1", 0o600), "two": (b"2", 0o640)}


def test_a_secret_is_decoded():
    assert contents({"secret": {"secretName": "keys", "defaultMode": 0o400}}) == {"token": (b"s3cret", 0o400)}


def test_the_downward_api_writes_fields_and_resources():
    items = [
        {"path": "labels", "fieldRef": {"fieldPath": "metadata.labels"}},
        {"path": "notes", "fieldRef": {"fieldPath": "metadata.annotations"}},
        {"path": "memory", "resourceFieldRef": {"containerName": "web", "resource": "limits.memory"}},
    ]
    by_path = contents({"downwardAPI": {"items": items}})
    assert {path: content for path, (content, _) in by_path.items()} == {
        "labels": b'app="web"\ntier="front"',
        "notes": b'note="say \\"hi\\""',
        "memory": b"67108864",
    }


def test_a_projected_volume_joins_its_sources():
    sources = [
        {"configMap": {"name": "settings", "items": [{"key": "a", "path": "a"}]}},
        {"secret": {"name": "keys"}},
        {"downwardAPI": {"items": [{"path": "name", "fieldRef": {"fieldPath": "metadata.name"}}]}},
    ]
    by_path = contents({"projected": {"sources": sources, "defaultMode": 0o440}})
    assert by_path == {"a": (b"1", 0o440), "token": (b"s3cret", 0o440), "name": (b"web", 0o440)}


@pytest.mark.parametrize(
    ("volume", "message"),
    [
        ({"configMap": {"name": "none"}}, 'configmap "none" not found'),
        ({"secret": {"secretName": "none"}}, 'secret "none" not found'),
        (
            {"secret": {"secretName": "keys", "items": [{"key": "no", "path": "p"}]}},
            "secret references non-existent secret key: no",
        ),
        (
            {"projected": {"sources": [{"serviceAccountToken": {"path": "t"}}]}},
            "serviceAccountToken volumes are not available in the rehearsal cluster",
        ),
    ],
)
def test_a_source_that_is_missing_is_named(volume, message):
    with pytest.raises(VolumeError, match=f"^{message}$"):
        contents(volume)


def test_optional_sources_may_be_missing():
    assert contents({"configMap": {"name": "none", "optional": True}}) == {}


def show(directory) -> dict[str, str]:
    return {
        name: (directory / name).read_text() for name in os.listdir(directory) if not name.startswith("..")
    }


def test_a_directory_shows_its_files_and_changes_all_at_once(tmp_path):
    directory = tmp_path / "volume"
    assert writer.write(directory, {"a": File(b"1", 0o640), "b": File(b"2", 0o644)}, None)
    assert show(directory) == {"a": "1", "b": "2"}
    assert (directory / "a").stat().st_mode & 0o777 == 0o640
    first = os.readlink(directory / "..data")
    assert not writer.write(directory, {"a": File(b"1", 0o640), "b": File(b"2", 0o644)}, None)
    assert os.readlink(directory / "..data") == first
    assert writer.write(directory, {"a": File(b"new", 0o640), "c": File(b"3", 0o644)}, None)
    assert show(directory) == {"a": "new", "c": "3"}
    assert not (directory / first).exists()


def test_a_file_in_a_folder_is_reached_through_the_snapshot(tmp_path):
    writer.write(tmp_path, {"deep/er/file": File(b"x", 0o644)}, None)
    assert (tmp_path / "deep").is_symlink()
    assert (tmp_path / "deep" / "er" / "file").read_text() == "x"


def test_a_directory_is_removed_with_its_links_and_not_what_they_point_to(tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").touch()
    doomed = tmp_path / "doomed"
    writer.write(doomed, {f"{number}/file": File(b"x", 0o400) for number in range(250)}, None)
    (doomed / "link").symlink_to(kept)
    asyncio.run(remove_tree(doomed))
    asyncio.run(remove_tree(doomed))
    assert os.listdir(tmp_path) == ["kept"]
    assert (kept / "file").exists()
