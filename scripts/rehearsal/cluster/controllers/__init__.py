"""The controllers: each watches some kinds and brings the objects of one kind to what their spec asks for."""

from scripts.rehearsal.cluster import times
from scripts.rehearsal.cluster.controllers import volumes
from scripts.rehearsal.cluster.controllers.autoscaler import AutoscalerController
from scripts.rehearsal.cluster.controllers.cronjob import CronJobController
from scripts.rehearsal.cluster.controllers.daemonset import DaemonSetController
from scripts.rehearsal.cluster.controllers.deployment import DeploymentController
from scripts.rehearsal.cluster.controllers.disruption import DisruptionController
from scripts.rehearsal.cluster.controllers.endpoints import EndpointController
from scripts.rehearsal.cluster.controllers.garbage import GarbageCollector
from scripts.rehearsal.cluster.controllers.job import JobController
from scripts.rehearsal.cluster.controllers.namespaces import NamespaceController
from scripts.rehearsal.cluster.controllers.quotas import QuotaController
from scripts.rehearsal.cluster.controllers.replicaset import ReplicaSetController
from scripts.rehearsal.cluster.controllers.runtime import Controller, Runtime
from scripts.rehearsal.cluster.controllers.scheduler import Scheduler
from scripts.rehearsal.cluster.controllers.statefulset import StatefulSetController
from scripts.rehearsal.cluster.controllers.volumes import VolumeController
from scripts.rehearsal.cluster.events import Recorder
from scripts.rehearsal.cluster.objects import Objects


async def run(objects: Objects, recorder: Recorder) -> None:
    """Run every controller until cancelled."""
    manager = objects.acting_as("kube-controller-manager")
    volumes.furnish(manager)
    await Runtime(manager, every(manager, recorder)).run()


def every(objects: Objects, recorder: Recorder, clock: times.Clock = times.now) -> list[Controller]:
    return [
        DeploymentController(objects, recorder, clock),
        ReplicaSetController(objects, recorder, clock),
        StatefulSetController(objects, recorder, clock),
        DaemonSetController(objects, recorder, clock),
        JobController(objects, recorder, clock),
        CronJobController(objects, recorder, clock),
        Scheduler(objects.acting_as("kube-scheduler"), recorder, clock),
        VolumeController(objects, recorder),
        EndpointController(objects, clock),
        DisruptionController(objects, clock),
        AutoscalerController(objects, recorder, clock),
        QuotaController(objects),
        GarbageCollector(objects),
        NamespaceController(objects, clock),
    ]
