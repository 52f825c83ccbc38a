"""What a revision means, and a commit's files and objects, from real repositories."""

import asyncio
import json
import subprocess
from pathlib import Path

import pytest

from aks_flow.rehearsal.standins.argocd import repository
from aks_flow.rehearsal.standins.argocd.programs import Programs
from aks_flow.rehearsal.standins.argocd.rendering import render
from aks_flow.rehearsal.standins.argocd.repository import Repositories, SourceError

IDENTITY = ("-c", "user.name=t", "-c", "user.email=t@localhost", "-c", "commit.gpgsign=false")
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
SECRET = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}}
KUSTOMIZATION = "resources: [map.yaml]\nnamePrefix: x-\n"


class Origin:
    """A repository with a work tree, as somebody who delivers has it."""

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *words: str) -> str:
        argv = ["git", "-C", str(self.folder), *IDENTITY, *words]
        return subprocess.run(argv, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self, **files: str) -> str:
        for name, text in files.items():
            file = self.folder / name.replace("__", "/").replace("_", ".")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", "change")
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def origin(tmp_path) -> Origin:
    return Origin(tmp_path / "origin with a space")


@pytest.fixture
def repositories(tmp_path) -> Repositories:
    return Repositories(Programs(), tmp_path / "copies")


def objects(repositories: Repositories, url: Path | str, commit: str, path: str, **source) -> tuple:
    async def read():
        async with repositories.files(str(url), commit) as root:
            return await render(Programs(), root, {"path": path} | source)

    return asyncio.run(read())


def test_a_branch_a_tag_and_a_commit_are_revisions(origin, repositories):
    first = origin.commit()
    origin.git("tag", "light")
    origin.git("tag", "--annotate", "--message=m", "heavy")
    second = origin.commit()
    commits = {"main": second, "HEAD": second, "": second, "light": first, "heavy": first, first: first}
    for revision, commit in commits.items():
        assert asyncio.run(repositories.resolve(str(origin.folder), revision)) == commit, revision


def test_a_branch_comes_before_a_tag_of_its_name():
    refs = repository.parse_refs("a\trefs/tags/x\nb\trefs/heads/x\nc\trefs/tags/x^{}\n")
    assert repository.choose(refs, "x") == "b"
    assert repository.choose({"refs/heads/xy": "d"}, "x") == ""


def test_a_revision_that_is_not_there_is_named(origin, repositories):
    origin.commit()
    with pytest.raises(SourceError, match="unable to resolve 'nowhere' to a commit SHA"):
        asyncio.run(repositories.resolve(str(origin.folder), "nowhere"))


@pytest.mark.parametrize("url", ["nowhere", "--upload-pack=touch owned", "https://127.0.0.1:1/x.git"])
def test_a_repository_that_cannot_be_read_is_an_error_with_gits_words(
    repositories, url, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SourceError, match="failed to list refs: .+"):
        asyncio.run(repositories.resolve(url, "main"))
    assert not (tmp_path / "owned").exists()


def test_a_kustomization_and_a_plain_folder_are_read(origin, repositories):
    commit = origin.commit(
        k__map_yaml=CONFIG_MAP,
        k__kustomization_yaml=KUSTOMIZATION,
        plain__a_yaml=f"{CONFIG_MAP}---\n---\n{CONFIG_MAP}",
        plain__b_json=json.dumps({"apiVersion": "v1", "kind": "List", "items": [SECRET]}),
        plain__README_md="# no manifest",
        plain__deep__c_yaml=CONFIG_MAP,
    )
    kind, items = objects(repositories, origin.folder, commit, "k")
    assert (kind, [item["metadata"]["name"] for item in items]) == ("Kustomize", ["x-a"])
    kind, items = objects(repositories, origin.folder, commit, "plain")
    assert (kind, [item["kind"] for item in items]) == ("Directory", ["ConfigMap", "ConfigMap", "Secret"])
    kind, items = objects(repositories, origin.folder, commit, "plain", directory={"recurse": True})
    assert len(items) == 4


def test_a_new_commit_is_fetched_and_an_old_one_needs_no_remote(origin, repositories, tmp_path):
    first = origin.commit(k__a_yaml=CONFIG_MAP)
    assert len(objects(repositories, origin.folder, first, "k")[1]) == 1
    second = origin.commit(k__b_yaml=CONFIG_MAP.replace("name: a", "name: b"))
    assert len(objects(repositories, origin.folder, second, "k")[1]) == 2
    origin.folder.rename(tmp_path / "moved")
    assert len(objects(repositories, origin.folder, first, "k")[1]) == 1


def test_a_commit_on_no_branch_any_more_is_still_found(origin, repositories):
    lost = origin.commit(k__a_yaml=CONFIG_MAP)
    origin.git("commit", "--quiet", "--amend", "--allow-empty", "-m", "another")
    assert len(objects(repositories, origin.folder, lost, "k")[1]) == 1


@pytest.mark.parametrize(
    ("path", "files", "words"),
    [
        ("gone", {"k__a_yaml": CONFIG_MAP}, "gone: app path does not exist"),
        ("../..", {"k__a_yaml": CONFIG_MAP}, "app path does not exist"),
        ("k", {"k__kustomization_yaml": "resources: [gone.yaml]"}, "gone.yaml"),
        ("k", {"k__kustomization_yaml": "resources: [: :"}, "`kustomize build k` failed"),
        ("k", {"k__a_yaml": "a: b: c"}, 'Failed to unmarshal "k/a.yaml"'),
        ("k", {"k__a_yaml": "just text"}, "'Kind' is missing"),
        ("k", {"k__a_yaml": "apiVersion: v1\nkind: ConfigMap\n"}, "a ConfigMap has no name"),
    ],
)
def test_manifests_that_cannot_be_had_are_an_error_with_the_reason(origin, repositories, path, files, words):
    commit = origin.commit(**files)
    with pytest.raises(SourceError) as raised:
        objects(repositories, origin.folder, commit, path)
    assert words in str(raised.value) and "copies" not in str(raised.value)


def test_a_link_that_leads_out_of_the_repository_is_refused(origin, repositories):
    (origin.folder / "out").symlink_to("/etc")
    commit = origin.commit(k__a_yaml=CONFIG_MAP)
    with pytest.raises(SourceError, match="must not be unpacked"):
        objects(repositories, origin.folder, commit, "k")


def test_several_may_read_one_repository_at_once(origin, repositories):
    commits = [
        origin.commit(k__a_yaml=CONFIG_MAP.replace("name: a", f"name: a{number}")) for number in range(4)
    ]

    async def read(commit: str) -> str:
        async with repositories.files(str(origin.folder), commit) as root:
            return (await render(Programs(), root, {"path": "k"}))[1][0]["metadata"]["name"]

    async def read_all() -> list[str]:
        return await asyncio.gather(*map(read, commits))

    assert asyncio.run(read_all()) == ["a0", "a1", "a2", "a3"]


def test_what_an_earlier_process_left_goes(origin, repositories, tmp_path):
    (tmp_path / "copies" / "files-left").mkdir()
    commit = origin.commit(k__a_yaml=CONFIG_MAP)
    again = Repositories(Programs(), tmp_path / "copies")
    assert list((tmp_path / "copies").iterdir()) == []
    assert len(objects(again, origin.folder, commit, "k")[1]) == 1


def test_nothing_is_left_of_the_files(origin, repositories, tmp_path):
    commit = origin.commit(k__a_yaml=CONFIG_MAP)
    objects(repositories, origin.folder, commit, "k")
    assert [path.name for path in (tmp_path / "copies").glob("files-*")] == []
