"""What stands in front of the rehearsal's cluster as AKS does: Entra's tokens and Azure's roles."""
