"""How does a shot become a clip, and how do clips become an episode? The second floor. Knows no Prefect."""
