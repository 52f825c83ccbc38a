"""All environments at a glance, whichever path delivers to them: what should run, runs, and was delivered.

`answers` asks, side by side, what `push.history`, `push.drift` and `gitops.status` ask. `look` makes of it
what is shown, the values of `view`. `pushed` and `pulled` turn each path's records into deliveries;
`figures` counts them.
"""
