"""Do the jobs that sign in and the identities in Azure fit together? Pure: values in, findings out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aks_flow.azure.identity import access
from aks_flow.azure.identity.jobs import DEFAULT_BRANCH, SigningJob
from aks_flow.core.config.azure import MOST_TRUSTED
from aks_flow.tools.az import AUDIENCE
from aks_flow.tools.az.identity import ISSUER

_OF_SUBJECT = re.compile(r"claims\['sub'\]\s+(eq|matches)\s+'([^']*)'")
WIDE = {
    "Owner",
    "Contributor",
    "User Access Administrator",
    "Role Based Access Control Administrator",
    "Azure Kubernetes Service Contributor Role",
    access.ADMINISTER,
}


@dataclass(frozen=True)
class Credential:
    """A federated credential: whose tokens are the identity's.

    expression: of a flexible one, what it asks of a token's claims; it has no subject then.
    """

    name: str
    subject: str
    issuer: str = ISSUER
    audiences: tuple[str, ...] = (AUDIENCE,)
    expression: str = ""

    def may_trust(self, subject: str) -> bool:
        """By its subject; by what an expression asks of `sub`, and yes where it asks nothing readable."""
        if not self.expression:
            branch = subject.removesuffix(DEFAULT_BRANCH)
            return self.subject == subject or (branch != subject and self.subject.startswith(branch))
        return all(_asked(operator, text, subject) for operator, text in _OF_SUBJECT.findall(self.expression))


@dataclass(frozen=True)
class JobIdentity:
    """roles: (role, scope) pairs."""

    name: str
    credentials: tuple[Credential, ...]
    roles: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Misfit:
    """where: file:line of a job, or an identity with its credential."""

    where: str
    rule: str
    what: str
    do: str

    def __str__(self) -> str:
        return f"{self.where}: {self.rule}: {self.what}. {self.do}"


def misfits(jobs: list[SigningJob], identities: list[JobIdentity]) -> list[Misfit]:
    """What does not fit, the jobs' first; empty if every job can sign in and no identity trusts too much.

    While a job's subjects are not all known, a credential that seems unused may be for it, and is left alone.
    """
    of_jobs = [misfit for job in jobs for misfit in _job(job, identities)]
    all_known = all(job.known for job in jobs)
    subjects = {subject for job in jobs for subject in job.subjects} if all_known else None
    return of_jobs + [misfit for identity in identities for misfit in _identity(identity, subjects)]


def not_judged(identities: list[JobIdentity]) -> list[str]:
    """A sentence for each credential that is judged in part alone."""
    return [
        f"{identity.name}/{credential.name}: flexible: only its subject is compared, not the rest of"
        f" `{credential.expression}`"
        for identity in identities
        for credential in identity.credentials
        if credential.expression
    ]


def _asked(operator: str, text: str, subject: str) -> bool:
    """`eq` compares letter by letter; in `matches`, * stands for any text and ? for one letter."""
    if operator == "eq":
        return subject == text
    pattern = re.escape(text).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(pattern, subject) is not None


def _job(job: SigningJob, identities: list[JobIdentity]) -> Iterator[Misfit]:
    if not job.token:
        what = f"job {job.name} signs in and gets no OIDC token"
        yield Misfit(job.where, "id-token", what, "Add `id-token: write` to the job's permissions.")
    if not job.known:
        what = f"job {job.name}'s environment is not known before it runs"
        yield Misfit(job.where, "environment", what, "Name it, or take it from an input with options.")
    for subject in job.subjects:
        trusting = [identity for identity in identities if _trusts(identity, subject)]
        if not trusting:
            yield _untrusted(job, subject, _subjects(identities))
        elif job.pushes and not any(map(_may_push, trusting)):
            what = f"job {job.name} pushes images, and {trusting[0].name} lacks {access.PUSH}"
            yield Misfit(job.where, "role", what, "Give it that role on the registry, and no wider one.")


def _trusts(identity: JobIdentity, subject: str) -> bool:
    return any(credential.may_trust(subject) for credential in identity.credentials)


def _subjects(identities: list[JobIdentity]) -> list[str]:
    return [credential.subject for identity in identities for credential in identity.credentials]


def _untrusted(job: SigningJob, subject: str, trusted: list[str]) -> Misfit:
    same = next((other for other in trusted if other.lower() == subject.lower()), None)
    if same:
        what = f"{subject} is trusted as {same}: letter case counts"
        return Misfit(job.where, "case", what, "Make the credential's subject the job's, letter by letter.")
    if other := next((other for other in trusted if _bare(other) == _bare(subject)), None):
        what = f"{subject} is trusted as {other}: the ids of owner and repository count"
        ask = f"gh api repos/{access.without_ids(subject).split(':')[1]}/actions/oidc/customization/sub"
        do = f"`{ask}` says GitHub's form: set azure.github.repository to it, then ./inv azure.up."
        return Misfit(job.where, "ids", what, do)
    if ":environment:" not in subject:
        what = f"job {job.name} has no environment, and nothing trusts {subject}"
        do = "Give the job an environment: a credential for each branch is never complete."
        return Misfit(job.where, "branch", what, do)
    what = f"no credential trusts {subject}"
    do = "Add it with ./inv azure.up, or correct the job's environment."
    return Misfit(job.where, "untrusted", what, do)


def _may_push(identity: JobIdentity) -> bool:
    return any(role == access.PUSH for role, _ in identity.roles)


def _identity(identity: JobIdentity, subjects: set[str] | None) -> Iterator[Misfit]:
    if len(identity.credentials) >= MOST_TRUSTED:
        held = len(identity.credentials)
        what = f"{held} federated credentials, and Azure takes {MOST_TRUSTED} for one identity"
        yield Misfit(identity.name, "credentials", what, "Remove those of branches; use environments.")
    for credential in identity.credentials:
        where = f"{identity.name}/{credential.name}"
        yield from _credential(where, credential, subjects)
    for role, scope in identity.roles:
        if role in WIDE:
            what = f"{role} at {scope} is wider than any job needs"
            do = f"Replace it: {access.PUSH} at the registry, for one."
            yield Misfit(identity.name, "wide-role", what, do)


def _credential(where: str, credential: Credential, subjects: set[str] | None) -> Iterator[Misfit]:
    if "*" in credential.subject:
        what = f"{credential.subject} has a wildcard, and Azure compares letter by letter: it matches nothing"
        yield Misfit(where, "wildcard", what, "Name an environment instead.")
    elif subjects is not None and not _is_used(credential, subjects):
        do = "Remove it, or name the environment of the job that it is for."
        what = f"no job has the subject {credential.subject or credential.expression}"
        yield Misfit(where, "unused", what, do)
    if credential.issuer.rstrip("/") != ISSUER or credential.audiences != (AUDIENCE,):
        what = f"it trusts {credential.issuer} for {', '.join(credential.audiences)}"
        yield Misfit(where, "issuer", what, f"GitHub's tokens are {ISSUER}'s, for {AUDIENCE}.")


def _is_used(credential: Credential, subjects: set[str]) -> bool:
    """Whether a job has such a subject, or nearly: then the job's own finding says it."""
    near = {_bare(subject) for subject in subjects}
    return _bare(credential.subject) in near or any(map(credential.may_trust, subjects))


def _bare(subject: str) -> str:
    return access.without_ids(subject).lower()
