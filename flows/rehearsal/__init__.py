"""What would a production do and cost? All of it against a sandbox, for nothing, and an audit of what happened.

with rehearsal_room(project, ...) as room:                   # a sandbox, and an environment that can pay nobody
    rehearsed = rehearse(room, assignment, produce, watcher)     # rounds, with a producer's deeds between them
    account = take_account(room, episode, rehearsed)             # what happened, and what it would have cost
"""

from flows.rehearsal.audit import Audit, take_account
from flows.rehearsal.audit_report import account_json, account_lines
from flows.rehearsal.isolation import RehearsalEnvironment, rehearsal_environment
from flows.rehearsal.rehearse import Rehearsed, rehearse

__all__ = [
    "Audit",
    "RehearsalEnvironment",
    "Rehearsed",
    "account_json",
    "account_lines",
    "rehearsal_environment",
    "rehearse",
    "take_account",
]
