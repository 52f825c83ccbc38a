"""The part of GitHub's REST API that pull requests need, as gh asks for it.

`listening` is the HTTP server, `routes` finds who answers, `requests` answers in GitHub's form and refuses as
GitHub does, `merging` makes what a merge makes. https://docs.github.com/rest/pulls/pulls

gh talks plain HTTP to the host github.localhost, through a proxy if it is told one: so no port is in a name.
"""
