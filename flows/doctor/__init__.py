"""Looks at everything that work stands on, without ordering or changing anything, and without showing a secret.

Each part is looked at by a check of its own. They run side by side; one that fails or hangs spoils no other, and what
they find is told in one order, whatever ends first.
"""

from flows.doctor.checklist import checklist
from flows.doctor.rounds import Check, Part, look_after
from flows.doctor.surroundings import Surroundings, surroundings

__all__ = ["Check", "Part", "Surroundings", "checklist", "look_after", "surroundings"]
