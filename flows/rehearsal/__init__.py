"""What would a production do and cost? All of it against a sandbox, for nothing, and an audit of what happened.

with rehearsal_environment(project, ...) as environment:            # a sandbox, and nobody who could be paid
    rehearsed = rehearse(environment, run_options, produce, watcher)    # runs, and a producer's deeds between them
    audit = take_account(environment, episode, rehearsed)               # what happened, what it would have cost
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
