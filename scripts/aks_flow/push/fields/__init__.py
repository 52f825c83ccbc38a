"""Whose the fields of an object are: the delivery's, people's, or a controller's. Pure but for `takeover`."""
