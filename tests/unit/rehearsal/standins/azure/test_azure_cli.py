"""The Azure CLI is an environment of its own, from its own lock, alone in its folder."""

import shutil

from aks_flow.rehearsal.standins.azure import azure_cli
from tests.unit.core.installer import Installer


def test_the_first_need_installs_it_and_the_second_does_not(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    told, installer = [], Installer()
    first = azure_cli.ensure(installer, told.append)
    assert azure_cli.ensure(installer, told.append) == first
    assert installer.ran == ["fetch uv", ["azure-cli.lock"]] and len(told) == 1
    assert first.resolve() == first.parents[1] / "bin" / "az"
    assert [file.name for file in first.parent.iterdir()] == ["az"]


def test_it_is_made_again_where_it_is_gone(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    shutil.rmtree(azure_cli.ensure(Installer(), print).parents[1])
    assert azure_cli.ensure(Installer(), print).is_symlink()
