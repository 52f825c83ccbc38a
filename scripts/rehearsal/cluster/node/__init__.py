"""The node: pods as containers on the Docker engine."""

from scripts.rehearsal.cluster.node.logs import LogOptions
from scripts.rehearsal.cluster.node.node import Node

__all__ = ["LogOptions", "Node"]
