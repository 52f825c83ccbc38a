"""The part of GitHub's API that pull requests and releases need, as gh asks for it.

`listening` is the HTTP server, `routes` finds who answers, `requests` and `releases` answer in GitHub's form
and refuse as GitHub does, `merging` makes what a merge makes. https://docs.github.com/rest/pulls/pulls

gh talks plain HTTP to the host github.localhost, over a socket that its configuration names: no port is in
a name, and no other program of a run is told anything.
"""
