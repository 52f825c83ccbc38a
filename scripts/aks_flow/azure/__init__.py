"""Azure: what the configuration wants there, what there is, and what makes the one the other.

invoke.yaml ─► AzurePlanRequest ─┐
                                 ├─► lines of a plan ─► commands ─► facts again, until nothing differs
az … show ─► AzureFacts ─────────┘
"""
