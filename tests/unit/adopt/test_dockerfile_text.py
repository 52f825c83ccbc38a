"""What a Dockerfile begins at, however its arguments are written."""

import pytest

from aks_flow.adopt.survey.dockerfile_text import read


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
