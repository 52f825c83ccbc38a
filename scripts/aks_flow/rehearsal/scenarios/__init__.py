"""What is played on the stand-ins: `rehearse` (push_and_pull, gitflow), `drill` and `bench`.

A scenario does what a person or a workflow would do, and gives what happened as values; tasks/ shows them.
"""
