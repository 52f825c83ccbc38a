"""zizmor's JSON, as version 1.32.0 writes it: the place that counts is the primary one."""

import json
from pathlib import Path

from aks_flow.tools import zizmor

ITEM = {
    "ident": "excessive-permissions",
    "desc": "overly broad permissions",
    "url": "https://docs.zizmor.sh/audits/#excessive-permissions",
    "locations": [
        {
            "symbolic": {
                "key": {"Local": {"verbatim_path": ".github/workflows/w.yml"}},
                "annotation": annotation,
                "kind": kind,
            },
            "concrete": {"location": {"start_point": {"row": row, "column": 2}}},
        }
        for kind, annotation, row in [("Related", "this job", 11), ("Primary", "uses write-all", 12)]
    ],
}


def test_a_finding_is_where_its_primary_place_is():
    [finding] = zizmor.parse(json.dumps([ITEM]))
    assert (finding.file, finding.line, finding.rule) == (
        ".github/workflows/w.yml",
        13,
        "excessive-permissions",
    )
    assert finding.what == "overly broad permissions: uses write-all"


def test_it_audits_offline_and_asks_nobody():
    asked = zizmor.audit(Path("/project"), [".github/workflows/a.yml"])
    assert asked.argv == (
        *("zizmor", "--offline", "--quiet", "--no-progress", "--no-exit-codes", "--persona=pedantic"),
        *("--format=json-v1", ".github/workflows/a.yml"),
    )
    assert (asked.cwd, asked.reads) == (Path("/project"), True)
