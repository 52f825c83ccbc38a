"""Azure: what the configuration wants there, what there is, and what makes the one the other.

invoke.yaml ─► wanted ─┐
                       ├─► lines of a plan ─► acts ─► facts again, until nothing differs
az … show ─► Facts ────┘
"""
