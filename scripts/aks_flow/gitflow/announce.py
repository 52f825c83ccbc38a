"""The page that GitHub has for a release: made once, with the release's notes."""

from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow.flow import Flow
from aks_flow.tools.gh import MISSING, releases
from aks_flow.tools.gh.refusals import refusal


def announce(flow: Flow, tag: str, notes: str) -> str:
    """What was done; AksFlowError if the tag is no release's, or if GitHub refuses."""
    version = flow.names.tagged_version(tag)
    if not version or version.prerelease:
        step = "`./inv flow.status` shows what is released."
        raise AksFlowError(f"{tag} is the tag of no release", next_step=step)
    if there := _there(flow, tag):
        return there
    create = releases.create(flow.repo, tag, str(version), notes)
    with flow.steps("release") as step:
        step.note = tag
        made = flow.run.run(create)
    if not made.code:
        return f"{tag}: {made.text.strip() or 'to be made'}"
    if there := _there(flow, tag):  # somebody else was quicker
        return there
    raise refusal(create, made)


def _there(flow: Flow, tag: str) -> str:
    """That the page is there, in words; "" if it is not."""
    asked = releases.of_tag(flow.repo, tag)
    answer = flow.run.run(asked)
    if not answer.code:
        return f"{tag}: unchanged, {releases.parse_address(answer.text)} is there"
    if MISSING not in answer.error_text:
        raise refusal(asked, answer)
    return ""
