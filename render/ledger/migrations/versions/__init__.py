"""What does each step of the schema change? One module a step, named by its revision."""
