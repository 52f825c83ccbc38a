"""A push that has to go wrong."""

import json

from aks_flow.rollout.verdict.reasons import EXIT_CODES


def failed(project, changed, edit, **settings: str) -> dict:
    """The document of a push that has to go wrong, and back."""
    changed(edit)
    answer = project.inv("push", "--json", **settings)
    bad = json.loads(answer.stdout)
    assert answer.exit == EXIT_CODES[bad["verdict"]] and bad["undone"]["status"] == "restored", bad
    return bad
