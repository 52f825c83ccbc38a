"""What the API server knows about the fields of the kinds it serves."""
