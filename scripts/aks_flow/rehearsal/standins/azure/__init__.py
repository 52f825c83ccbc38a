"""The rehearsal's Azure: what `az`, docker and kubectl meet instead, on one loopback port.

`entra/` signs in, `arm/` is Azure Resource Manager's common part, `resources/` has a module for each resource
type, `acr/` and `aks/` are what stands in front of the rehearsal's registry and cluster.
docs/azure-rehearsal.md says what is the same as in Azure and what is not.
"""
