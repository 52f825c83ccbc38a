"""What must hold between the objects of one environment, a rule a function: facts in, findings out."""
