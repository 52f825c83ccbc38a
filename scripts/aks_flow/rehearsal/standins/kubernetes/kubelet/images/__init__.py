"""Images: references, pull policy, credentials, and a registry's refusals in kubelet's words."""
