"""The first floor: what to make. Knows no network, no media tools, no database and no Prefect."""
