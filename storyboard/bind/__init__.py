"""What is one vendor asked for one shot? References chosen and fitted, the prompt, the price at most."""
