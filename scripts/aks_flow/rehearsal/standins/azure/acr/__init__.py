"""Sign-in and permissions in front of the rehearsal's registry, as Azure Container Registry has them."""
