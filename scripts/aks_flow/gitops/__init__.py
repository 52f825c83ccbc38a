"""The pull path: a version becomes a commit on one branch, and Argo CD brings it to the cluster.

    registry ─► newest admitted version ─► folder derived from its source commit ─► commit ─► push ─► wait

Every write derives an environment's whole folder from the tip of the branch, and derives it again when
somebody else's push came first. `policy`, `state` and `verdict` are pure; only `land` moves the branch.
"""
