"""Startup, readiness and liveness probes, with kubelet's messages."""
