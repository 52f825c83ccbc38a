"""What the subject of a commit on main says of the release that it brought there.

The forms are those that git and the hosts write by themselves: a merge by hand, the merge of a pull request,
and the title of one that was squashed.
"""

import re
from dataclasses import dataclass

from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow.names import Names
from aks_flow.gitflow.version import HOTFIX, RELEASE, Version

_FROM = re.compile(
    r"Merge branch '(?P<git>[^']+)'(?: of \S+)?(?: into .+)?"
    r"|Merge remote-tracking branch '[^/']+/(?P<remote>[^']+)'(?: into .+)?"
    r"|Merge (?P<flow>\S+) into \S+"
    r"|Merge pull request #\d+ from [^/\s]+/(?P<github>\S+)"
    r"|Merge pull request '.*' \(#\d+\) from (?P<gitea>\S+) into \S+"
    r"|(?:Merge )?[Pp]ull request #\d+:? in \S+ from (?P<server>\S+) to \S+"
    r"|Merged in (?P<bitbucket>\S+) \(pull request #\d+\)"
    r"|Merged PR \d+: Merge (?P<azure>\S+) (?:in)?to \S+"
)
_TITLE = (
    r"(?:(?:Merged PR |Pull request #)\d+: )?(?P<word>{})[/ _-]?v?(?P<version>\d+\.\d+\.\d+)(?: \(#\d+\))?"
)


@dataclass(frozen=True)
class MergeSubject:
    """branch: the one that was merged, "" if none is named. version: of the release, if it is one."""

    branch: str = ""
    version: Version | None = None


def read(subject: str, names: Names) -> MergeSubject:
    """As far as the subject tells; names: as the repository has them."""
    match = _FROM.fullmatch(subject)
    if match:
        branch = next(part for part in match.groups() if part)
        return MergeSubject(branch, names.own_version(branch))
    return MergeSubject(version=_titled(subject, names))


def _titled(subject: str, names: Names) -> Version | None:
    """Of a pull request's title: ``Release 1.5.0 (#12)``, or what a host makes of the branch's name."""
    words = {RELEASE, HOTFIX, *(getattr(names, kind).rstrip("/-_") for kind in (RELEASE, HOTFIX))}
    pattern = _TITLE.format("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))
    match = re.fullmatch(pattern, subject, re.IGNORECASE)
    try:
        return Version.parse(match["version"]) if match else None
    except AksFlowError:
        return None
