"""The first floor: what to make. Knows no network, no media tools, no database and no Prefect.

    load_project(root) -> expand(project, "e01") -> plan.plan(episode, …) -> bind.bind(shot, capabilities, …)

Everything here is decided over frozen values.
"""
