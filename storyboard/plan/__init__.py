"""What will be made, why, and at what cost? The rules in their order, and the plan that every run follows."""
