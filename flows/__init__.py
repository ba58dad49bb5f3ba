"""When and where does work run? The third floor: Prefect flows, deployments, and the command line."""
