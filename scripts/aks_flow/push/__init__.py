"""The push path: build, publish, apply with kubectl.

    build ─► plan ─► lock ─► validate ─► hooks ─► apply, wave by wave ─► verify ─► record ─► Outcome
                                          └─────────┴─────────────────────┴──► rollback ─► BadVerdict

`deliver` has all steps in their order, and each step is a module beside it. Canary and blue-green are in
`strategy`, the revisions and the rollback in `history`.
"""
