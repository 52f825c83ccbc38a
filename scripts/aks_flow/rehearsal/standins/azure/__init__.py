"""The rehearsal's Azure: it answers `az`, docker and kubectl in Azure's place, on one loopback port.

`entra/` signs in, `arm/` is Azure Resource Manager's common part, `resources/` has a module for each resource
type; `acr/` and `aks/` control the access to the rehearsal's registry and cluster.
docs/azure-rehearsal.md says what is the same as in Azure and what is not.
"""
