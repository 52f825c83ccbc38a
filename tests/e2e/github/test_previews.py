"""Previews of pull requests on the rehearsal: by tasks and Argo CD, and by the workflow file of `adopt`."""

import json

import pytest

from aks_flow.core import wait
from aks_flow.core.command import Command
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.github import pulls
from aks_flow.rehearsal.standins.github.api import listening
from aks_flow.rehearsal.standins.github.hub import Hub
from aks_flow.rehearsal.standins.github.runs import ENDED, Run
from aks_flow.tools.git import remotes
from tests.e2e.kubectl import Kubectl
from tests.e2e.project import Project
from tests.e2e.scale import only_in_full

pytestmark = only_in_full

SECONDS = 400  # a preview's image is built, its pods start, and this machine does other things too
NONE, SOME = ("previews: {namespace: " + name for name in ('""', "vote-preview"))


class Previewed:
    """The sample with previews, its repository at the rehearsal's GitHub with an open pull request."""

    def __init__(self, project: Project):
        self.project, state = project, project.repo / ".rehearsal"
        self.hub = Hub(Local(), state / "origin.git", state / "github")
        self.kubectl = Kubectl(state / "kubeconfig", project.repo.with_name("kube-cache"))

    def inv(self, *words: str) -> str:
        answer = self.project.inv(*words, **listening.told(self.hub))
        assert answer.exit == 0, answer.stdout + answer.stderr
        return answer.stdout + answer.stderr

    def bring(self, *branches: str) -> None:
        """To GitHub without a push, so that no workflow starts."""
        for branch in branches:
            refspec = f"+refs/heads/{branch}:refs/heads/{branch}"
            self.hub.run.run(remotes.fetch_refs(self.hub.repository, str(self.project.repo), refspec))

    def change(self, branch: str, text: str) -> None:
        self.project.git("checkout", "--quiet", "-B", branch, "develop")
        self.project.commit("app/tea.txt", text)
        self.bring(branch)

    def served(self, number: int) -> dict:
        path = f"/api/v1/namespaces/vote-preview-{number}/services/http:front:http/proxy/version"
        return json.loads(self.kubectl.ok("get", "--raw", path))

    def has(self, number: int, kind: str, namespace: str = "default") -> bool:
        return self.kubectl("get", kind, f"vote-preview-{number}", "-n", namespace).exit == 0

    def comment(self, number: int) -> str:
        """The preview's."""
        [body] = [item["body"] for item in self.hub.kept("comments", []) if item["pull"] == number]
        return body

    def gh(self, path: str, method: str, **values: str) -> dict:
        words = ["gh", "api", f"repos/{{owner}}/{{repo}}/{path}", f"--method={method}", "--input=-"]
        command = Command(tuple(words), json.dumps(values), env=listening.told(self.hub))
        return json.loads(Local().run(command).text)

    def until_run(self, action: str) -> None:
        """Until the workflow of what became of the pull request has ended well."""

        def ended() -> list[Run]:
            return [run for run in self.hub.runs.all() if run.event.action == action and run.state in ENDED]

        [run] = wait.until(ended, f"the end of the run of {action}", SECONDS)
        assert run.state == "success", self.project.inv("rehearsal.run", str(run.number)).stdout


@pytest.fixture(scope="module")
def previewed(rehearsal) -> Previewed:
    text = rehearsal.read("invoke.yaml")
    assert NONE in text
    rehearsal.commit("invoke.yaml", text.replace(NONE, SOME))
    adopted = rehearsal.inv("adopt", "--yes")
    assert adopted.exit == 0, adopted.stdout + adopted.stderr
    workflows = rehearsal.repo / ".github" / "workflows"
    for file in workflows.iterdir():
        if not file.name.endswith("preview.yml"):
            file.unlink()
    rehearsal.git("add", "--all")
    rehearsal.git("commit", "--quiet", "-m", "Have previews, and no other workflows")
    up = rehearsal.inv("rehearsal.up")
    assert up.exit == 0, up.stdout + up.stderr
    made = Previewed(rehearsal)
    rehearsal.git("remote", "set-url", "origin", str(made.hub.repository))
    rehearsal.git("branch", "--force", "main")
    made.bring("main", "develop")
    rehearsal.git("fetch", "--quiet", "origin")
    return made


def test_by_pull_a_preview_comes_with_its_label_and_goes_with_the_pull_request(previewed):
    previewed.change("feature/cake", "cake\n")
    number = pulls.add(previewed.hub, "feature/cake", "develop", "Serve cake").number
    previewed.inv("gitops.init")
    previewed.inv("argocd.apply")
    said = previewed.inv("preview.up", str(number), "--pull")
    assert f"preview-{number}" in said
    application = json.loads(
        previewed.kubectl.ok("get", "application", f"vote-preview-{number}", "-n", "argocd", "-o", "json")
    )
    assert application["status"]["health"]["status"] == "Healthy"
    assert previewed.served(number)["version"] in previewed.comment(number)
    previewed.project.git("push", "--quiet", "origin", "--delete", "feature/cake")  # which closes it
    said = previewed.inv("preview.clean", "--pull")
    assert f"pull request {number} is closed" in said
    assert not previewed.has(number, "application", "argocd") and not previewed.has(number, "namespace")
    assert f"preview-{number} is removed" in previewed.comment(number)


def test_the_workflow_file_delivers_a_pull_request_and_removes_it_with_its_end(previewed):
    previewed.change("feature/tea", "tea\n")
    number = previewed.gh("pulls", "POST", title="Serve tea", head="feature/tea", base="develop")["number"]
    previewed.until_run("opened")
    assert previewed.served(number)["version"] in previewed.comment(number)
    previewed.gh(f"pulls/{number}/merge", "PUT", merge_method="merge")
    previewed.until_run("closed")
    assert not previewed.has(number, "namespace")
    assert f"preview-{number} is removed" in previewed.comment(number)
