"""Has what was delivered rolled out, is it doomed, or merely slow? Facts in, a verdict out.

Nothing here asks a cluster or touches one: `facts.read` makes values of the objects that a cluster holds,
`verdict.judge` decides. `aks_flow.rollout.watch` reads the objects.
"""
