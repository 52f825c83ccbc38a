"""What a Dockerfile begins at, however its arguments are written, and what it copies."""

import pytest

from aks_flow.adopt.survey.dockerfile_text import read
from aks_flow.adopt.survey.dockerfiles import read_one
from aks_flow.adopt.survey.tree import WorkTree


@pytest.mark.parametrize(
    ("text", "bases", "fixed"),
    [
        ("ARG BASE=python:3.13\nFROM ${BASE}", {"BASE": "python:3.13"}, []),
        ("ARG BASE=python:3.13\r\nFROM $BASE AS x\r\nFROM x", {"BASE": "python:3.13"}, []),
        ("ARG V=3.13\nARG BASE=python:${V}-slim\nFROM ${BASE}", {"BASE": "python:3.13-slim"}, []),
        ("ARG V=3.13 BASE='python:3.13'\nFROM ${BASE}", {"BASE": "python:3.13"}, []),
        ("ARG BASE\nFROM ${BASE:-python:3.13}", {"BASE": "python:3.13"}, []),
        ("ARG V=3.13\nFROM python:${V}-slim", {}, ["python:3.13-slim"]),
        ("ARG HUB=docker.io\nFROM ${HUB}/python:3.13", {}, ["docker.io/python:3.13"]),
        ("FROM --platform=$BUILDPLATFORM python:${V:-3.13}", {}, ["python:3.13"]),
        ("ARG BASE\nFROM ${BASE}", {}, []),  # nobody but the caller knows it
        ("ARG STAGE=prod\nFROM scratch AS dev\nFROM scratch AS prod\nFROM ${STAGE}", {}, []),
    ],
)
def test_its_bases_are_read(text, bases, fixed):
    found = read(text)
    assert (found.bases, found.fixed) == (bases, fixed)


@pytest.mark.parametrize(
    ("copy", "context", "absent"),
    [
        ("COPY api/main.py lib /app/", ".", ()),
        ("COPY main.py yarn.lock* ./", "api", ()),  # a pattern may match nothing
        ("COPY lib ./\nCOPY api/dist/*.jar app.jar", ".", ("api/dist/*.jar",)),
        ("COPY dist .", "api", ("dist",)),
        ("COPY --from=x /dist .\nCOPY --chown=1:1 . .", "api", ()),
        ('COPY ["lib", "."]\nADD https://example.com/x $Y ./', ".", ()),
    ],
)
def test_its_context_has_what_it_copies_and_what_git_has_not_is_known(tmp_path, copy, context, absent):
    (tmp_path / "api").mkdir()
    (tmp_path / "api/Dockerfile").write_text(f"FROM scratch AS x\nFROM scratch\n{copy}\n")
    tree = WorkTree(tmp_path, ("api/Dockerfile", "api/main.py", "lib/one.py"))
    file = read_one(tree, "api/Dockerfile")
    assert (file.context, file.absent) == (context, absent)
