"""ApplicationSets of pull requests on the rehearsal's GitHub: an Application for each that has the labels.

https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators-Pull-Request/
"""
