"""Where do people look at an episode, and decide about it, together? In the review room: a local web application.

`flows.cli.review_cmd` opens a `Room` and serves it. Pages are views (frozen values, made by pure functions of plan and
ledger) in templates; whatever is decided in them is a step of the ledger or an ordinary run, which is a process of its
own. Prefect is never imported here.
"""
