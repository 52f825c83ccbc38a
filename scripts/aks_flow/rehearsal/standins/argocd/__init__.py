"""The stand-in for Argo CD: a controller, in a process of its own, for Application and AppProject objects.

It reads the very objects that a real Argo CD reads and writes their status as that does (v3, and v2.14):
https://argo-cd.readthedocs.io/en/stable/operator-manual/application.yaml
"""
