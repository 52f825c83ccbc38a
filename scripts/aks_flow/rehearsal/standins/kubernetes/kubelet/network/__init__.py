"""The node's network: addresses, names, and the way from a Service to its ready pods."""
