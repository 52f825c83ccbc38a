"""The node: pods as containers on the Docker engine."""

from aks_flow.rehearsal.standins.kubernetes.kubelet.logs import LogOptions
from aks_flow.rehearsal.standins.kubernetes.kubelet.node import Kubelet

__all__ = ["Kubelet", "LogOptions"]
