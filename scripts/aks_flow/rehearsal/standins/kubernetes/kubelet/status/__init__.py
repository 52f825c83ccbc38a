"""A pod's status from what is known of its containers: pure functions."""
