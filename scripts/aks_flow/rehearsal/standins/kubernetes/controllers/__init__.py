"""The controllers: each watches some kinds and brings the objects of one kind to what their spec asks for."""

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.controllers import volumes
from aks_flow.rehearsal.standins.kubernetes.controllers.autoscaler import AutoscalerController
from aks_flow.rehearsal.standins.kubernetes.controllers.cronjob import CronJobController
from aks_flow.rehearsal.standins.kubernetes.controllers.daemonset import DaemonSetController
from aks_flow.rehearsal.standins.kubernetes.controllers.deployment import DeploymentController
from aks_flow.rehearsal.standins.kubernetes.controllers.disruption import DisruptionController
from aks_flow.rehearsal.standins.kubernetes.controllers.endpoints import EndpointController
from aks_flow.rehearsal.standins.kubernetes.controllers.garbage import GarbageCollector
from aks_flow.rehearsal.standins.kubernetes.controllers.job import JobController
from aks_flow.rehearsal.standins.kubernetes.controllers.namespaces import NamespaceController
from aks_flow.rehearsal.standins.kubernetes.controllers.quotas import QuotaController
from aks_flow.rehearsal.standins.kubernetes.controllers.replicaset import ReplicaSetController
from aks_flow.rehearsal.standins.kubernetes.controllers.runtime import Controller, Runtime
from aks_flow.rehearsal.standins.kubernetes.controllers.scheduler import Scheduler
from aks_flow.rehearsal.standins.kubernetes.controllers.statefulset import StatefulSetController
from aks_flow.rehearsal.standins.kubernetes.controllers.volumes import VolumeController
from aks_flow.rehearsal.standins.kubernetes.objects.events import Recorder
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects


async def run(objects: Objects, recorder: Recorder) -> None:
    """Run every controller until cancelled."""
    manager = objects.acting_as("kube-controller-manager")
    volumes.create_storage_classes(manager)
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
