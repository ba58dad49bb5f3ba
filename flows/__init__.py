"""The third floor: when and where. Prefect flows and tasks, deployments, and the command line."""
