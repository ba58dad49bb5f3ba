"""What is a run? One run of one episode, from its options to the finished master, without Prefect."""
