"""`gitops.wait` and `gitops.sync` with an Argo CD: what is not waited for, and what a person starts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
import yaml

from aks_flow.core.command import Command, Result
from aks_flow.core.config.load import load
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import Local
from aks_flow.core.steps import Silent, Steps
from aks_flow.gitops.folder.render import kept
from aks_flow.gitops.sync import STARTED, UNCHANGED, sync
from aks_flow.gitops.wait.arrival import Arrival, wait_for_arrival
from aks_flow.rollout.watch.failure import BadVerdict
from aks_flow.target.delivery import DeliveryContext
from aks_flow.target.registry import RegistryClient
from tests.e2e.argocd import manifests
from tests.e2e.argocd.application import AUTOMATED, Application
from tests.e2e.cluster.objects import pod_spec, read, service, web, workload
from tests.e2e.standin import REPOSITORY

VERSION = "0.1.0-alpha.1"
MANUAL: dict = {}
SCALER = {
    "apiVersion": "autoscaling/v2",
    "kind": "HorizontalPodAutoscaler",
    "metadata": {"name": "web"},
    "spec": {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
        "minReplicas": 1,
        "maxReplicas": 2,
        "metrics": [
            {
                "type": "Resource",
                "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}},
            }
        ],
    },
}
NOT_SHARED = ("contract", "smoke", "secrets", "images", "attested_by")


@dataclass
class Environment:
    """dev of a project whose app is the demo server; ``told``: what the waiting said."""

    application: Application
    context: DeliveryContext
    image: ImageRef
    told: list[str] = field(default_factory=list)

    def commit(self, **objects: dict) -> str:
        """The app on the branch in `VERSION`, and more files of its base."""
        pin = {"name": "web", "newName": self.image.name, "newTag": VERSION, "digest": self.image.digest}
        files = manifests.files("web:any")
        files |= {f"dev/base/{name}.yaml": yaml.safe_dump(item) for name, item in objects.items()}
        names = [name.removeprefix("dev/base/") for name in files if name.startswith("dev/base/")]
        kustomization = {"resources": ["../../base"], "images": [pin]}
        files["dev/base/kustomization.yaml"] = manifests.base(
            *(name for name in names if name != "kustomization.yaml")
        )
        pinned = kept(yaml.safe_dump(kustomization), manifests.PIN)  # as a delivery writes it
        return self.application.branch.commit(files | {manifests.PIN: pinned})

    def wait(self, deadline: int = 60) -> Arrival:
        config = replace(self.context.config, deadline=deadline)
        return wait_for_arrival(replace(self.context, config=config), "dev", "", self.told.append)


class Meanwhile(Local):
    """A runner before whose first patch somebody else ``writes``."""

    def __init__(self, writes: Callable[[], None]):
        super().__init__()
        self._writes, self.patches = writes, 0

    def run(self, command: Command) -> Result:
        if "patch" in command.argv:
            self.patches += 1
            if self.patches == 1:
                self._writes()
        return super().run(command)


@pytest.fixture
def environment(cluster, application, namespace, demo) -> Iterator[Environment]:
    """Its Application is called as the namespace is, and not created yet."""
    settings = yaml.safe_load((REPOSITORY / "invoke.yaml").read_text())
    settings = {key: value for key, value in settings.items() if key not in NOT_SHARED}
    settings |= {"target": "cluster", "images": {}, "contract": {"service": "web"}}
    settings["azure"].pop("github")
    settings["app"]["name"] = "web"
    settings["environments"] = {"dev": {"namespace": namespace, "admits": "any"}}
    settings["gitops"]["branch"] = application.branch.name
    settings["targets"]["cluster"] |= {
        "registry": cluster.registry,
        "kubeconfig": str(cluster.kubectl.kubeconfig),
        "repository": application.branch.url,
    }
    registry = RegistryClient(cluster.registry)
    image = ImageRef.parse(demo["v1"])
    context = DeliveryContext(Local(), registry, load(settings, application.branch.folder), Steps(Silent()))
    made = replace(application, name=namespace)
    yield Environment(made, context, image.with_tag(image.tag, registry.digest(image)))
    made.delete()


def test_a_load_balancer_that_never_gets_an_address_is_said_and_not_waited_for(environment):
    """A class that nobody has: on any cluster its own provider leaves such a Service alone."""
    balancer = service("web", type="LoadBalancer", loadBalancerClass="example.com/nobody")
    commit = environment.commit(service=balancer)
    environment.application.create(AUTOMATED)
    arrived = environment.wait()
    assert (arrived.commit, arrived.superseded_by) == (commit, "")
    said = "dev: Argo CD still says Progressing: Service/web: it has got no address yet"
    assert environment.told[-1] == said
    status = environment.application.status
    assert (status["sync"]["status"], status["health"]["status"]) == ("Synced", "Progressing")


def test_a_sync_that_nobody_starts_is_said_and_a_person_starts_it_of_exactly_this_commit(environment):
    commit = environment.commit()
    later = environment.application.branch.commit({"staging/README": "another environment's"})
    environment.application.create(MANUAL)
    with pytest.raises(BadVerdict, match=r"nobody has started it: `\./inv gitops\.sync dev`"):
        environment.wait(deadline=2)
    run = Meanwhile(lambda: environment.application.patch(metadata={"annotations": {"seen": "now"}}))
    started = sync(replace(environment.context, run=run), "dev")
    assert (started.status, started.commit) == (STARTED, commit)
    assert run.patches > 1
    assert environment.wait().commit == commit
    status = environment.application.status
    assert status["operationState"]["syncResult"]["revision"] == commit
    assert status["operationState"]["operation"]["initiatedBy"] == {"username": "aks-flow"}
    assert status["sync"]["revision"] == later
    assert sync(environment.context, "dev").status == UNCHANGED


def test_what_holds_data_outlives_the_commit_that_forgot_it_and_is_said(environment, kubectl):
    """The team's manifests say nothing of it."""
    database = workload("StatefulSet", "db", pod_spec(web("web")), replicas=0, serviceName="db")
    environment.commit(db=database)
    environment.application.create(AUTOMATED)
    environment.wait()
    forgetful = environment.commit()
    assert environment.wait().commit == forgetful
    said = "OutOfSync: StatefulSet/db (the branch has it no more, and it is kept: delete it by hand)"
    assert environment.told[-1] == f"dev: Argo CD still says {said}"
    assert read(kubectl, environment.application.target, "statefulset/db")


def test_an_autoscaler_without_metrics_is_waited_for_by_name_and_may_be_ignored(environment):
    environment.commit()
    environment.application.create(AUTOMATED)
    environment.wait()
    environment.commit(scaler=SCALER)
    with pytest.raises(BadVerdict, match="Degraded: HorizontalPodAutoscaler/web: FailedGetResourceMetric"):
        environment.wait(deadline=10)
    about_dev = [text for text in environment.told if text.startswith("dev: ")]
    assert about_dev[-1].startswith("dev: waiting for health (Degraded: HorizontalPodAutoscaler/web: ")
    ignored = {"name": "web", "annotations": {"argocd.argoproj.io/ignore-healthcheck": "true"}}
    commit = environment.commit(scaler=SCALER | {"metadata": ignored})
    assert environment.wait().commit == commit
