"""The pull path: a version becomes a commit on the GitOps branch, and Argo CD applies it to the cluster.

    registry ─► newest admitted version ─► folder derived from its source commit ─► commit ─► push ─► wait

`deliver` reads top to bottom as these steps. Every write begins at the branch's tip, and begins again when
somebody else's push came first. `policy`, `branch.state` and `wait.verdict` are pure; only `branch.write`,
`branch.init` and `propose` push.
"""
