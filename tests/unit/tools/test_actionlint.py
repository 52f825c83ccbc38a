"""actionlint's JSON, as version 1.17.0 of the fork writes it."""

import json
from pathlib import Path

from aks_flow.tools import actionlint


def test_a_finding_has_its_line_its_kind_and_its_sentence():
    item = {"message": "unknown.  A note.", "line": 0, "column": 0, "kind": "syntax-check"}
    assert actionlint.parse(json.dumps([item])) == [
        actionlint.LintFinding(1, "syntax-check", "unknown. A note")
    ]


def test_a_long_list_of_what_there_is_is_left_out():
    message = 'label "x" is unknown. available labels are ' + ", ".join(f'"label-{n}"' for n in range(40))
    [finding] = actionlint.parse(json.dumps([{"message": message, "line": 3, "kind": "runner-label"}]))
    assert finding.what == 'label "x" is unknown'


def test_it_reads_the_text_from_standard_input_and_starts_no_other_linter():
    asked = actionlint.lint(Path("/project"), ".github/workflows/a.yml", "on: push")
    assert {"--shellcheck=", "--pyflakes="} <= set(asked.argv)
    assert asked.argv[-2:] == ("--stdin-filename=.github/workflows/a.yml", "-")
    assert (asked.stdin, asked.cwd, asked.reads) == ("on: push", Path("/project"), True)
