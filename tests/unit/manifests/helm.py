"""What Helm does with a chart, as far as the charts of tests go: values, `{{ .Values.x.y }}` and no more."""

import re
from pathlib import Path

import yaml

from aks_flow.core.command import Command, Result

_FIELD = re.compile(r"{{ *\.(?P<path>[\w.]+) *}}")


def template(command: Command) -> Result:
    """The answer of `helm template`, whose words must be those that it takes."""
    helm, verb, release, chart, *options = command.argv
    assert (helm, verb) == ("helm", "template")
    assert {option.partition("=")[0] for option in options} <= {
        *("--namespace", "--include-crds", "--skip-tests", "--values"),
    }
    values = yaml.safe_load((Path(chart) / "values.yaml").read_text()) or {}
    for option in options:
        if option.startswith("--values="):
            values = _over(values, yaml.safe_load(Path(option.partition("=")[2]).read_text()) or {})
    namespace = next(option.partition("=")[2] for option in options if option.startswith("--namespace="))
    name = yaml.safe_load((Path(chart) / "Chart.yaml").read_text())["name"]
    given = {"Values": values, "Release": {"Name": release, "Namespace": namespace}}
    try:
        return Result(0, _rendered(Path(chart), name, given).encode(), b"")
    except KeyError as error:
        words = f"Error: template: {name}: nil pointer evaluating interface {{}}.{error.args[0]}\n"
        return Result(1, b"", words.encode())


def _rendered(chart: Path, name: str, given: dict) -> str:
    text = ""
    for file in sorted((chart / "templates").rglob("*.yaml")):
        source = f"# Source: {name}/{file.relative_to(chart)}"
        text += f"---\n{source}\n{_FIELD.sub(lambda match: str(_at(given, match['path'])), file.read_text())}"
    return text


def _at(given: dict, path: str) -> object:
    for part in path.split("."):
        given = given[part]
    return given


def _over(below: dict, above: dict) -> dict:
    both = {**below, **above}
    for key in below.keys() & above.keys():
        if isinstance(below[key], dict) and isinstance(above[key], dict):
            both[key] = _over(below[key], above[key])
    return both
