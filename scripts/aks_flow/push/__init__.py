"""The push path: a commit, its image and its manifests brought to the cluster with kubectl.

    build ─► plan ─► lock ─► validate ─► hooks ─► apply, wave by wave ─► verify ─► record ─► Outcome
                                          └─────────┴─────────────────────┴──► rollback ─► BadVerdict

`deliver` is the whole of it, a module for each step beside it. Other ways to the new version than a rolling
update are in `strategy`, what was delivered in `history`.
"""
