"""All environments at a glance, whichever path delivers to them: what should run, runs, and was delivered.

`look` asks, side by side, what `push.history`, `push.drift` and `gitops.status` ask; `view` has the values;
`pushed` and `pulled` turn each path's records into deliveries; `figures` counts them.
"""
