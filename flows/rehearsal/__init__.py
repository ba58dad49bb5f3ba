"""A rehearsal: a whole production against a sandbox, for nothing, and an account of what happened.

with rehearsal_room(project, ...) as room:                   # a sandbox, and an environment that can pay nobody
    rehearsed = rehearse(room, assignment, produce, watcher)     # rounds, with a producer's deeds between them
    account = take_account(room, episode, rehearsed)             # what happened, and what it would have cost
"""

from flows.rehearsal.account import Account, take_account
from flows.rehearsal.room import RehearsalError, Room, rehearsal_room
from flows.rehearsal.rounds import Rehearsed, rehearse
from flows.rehearsal.telling import account_json, account_lines

__all__ = [
    "Account",
    "RehearsalError",
    "Rehearsed",
    "Room",
    "account_json",
    "account_lines",
    "rehearsal_room",
    "rehearse",
    "take_account",
]
