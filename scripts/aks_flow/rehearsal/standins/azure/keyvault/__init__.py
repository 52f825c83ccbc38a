"""Key Vault's data plane: secrets, at an address of each vault's own."""
