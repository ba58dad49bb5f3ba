"""The second floor: how a shot becomes a clip and clips become an episode. Knows no Prefect."""
