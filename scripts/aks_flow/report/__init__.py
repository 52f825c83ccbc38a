"""What a run tells: a person (text, console, progress), a machine (json_document), GitHub (job_summary),
a browser (html).

`push` and `image` say in all three forms what became of a push and of an image.
"""

from aks_flow.report.console import table
from aks_flow.report.errors import failure, verdicts
from aks_flow.report.json_document import document
from aks_flow.report.progress import steps
from aks_flow.report.text import diff, finding, heading, note, say

__all__ = ["diff", "document", "failure", "finding", "heading", "note", "say", "steps", "table", "verdicts"]
