"""Entra's tokens and Azure's roles in front of the rehearsal's cluster, as AKS has them."""
