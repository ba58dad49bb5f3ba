"""What does Prefect run and show? Flows, their server, their log and their pages."""
