"""Finishing a branch where main and develop take changes by pull requests only.

`finishing` has the steps. Each call looks how far it is and does what can be done: `merge_into` opens the
request and finds what its merge made, `tagging` tags that, `back_merge` opens the merge back, `tidy_up`
removes the branches. In between others review and merge.
"""
