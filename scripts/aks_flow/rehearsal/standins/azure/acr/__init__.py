"""Sign-in and permissions for the rehearsal's registry, as Azure Container Registry has them."""
