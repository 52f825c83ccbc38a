"""Entra's tokens and Azure's roles for whoever comes to the rehearsal's cluster, as AKS has them."""
