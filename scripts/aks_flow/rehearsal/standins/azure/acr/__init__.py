"""What stands before the rehearsal's registry as Azure Container Registry does: sign-in and permissions."""
