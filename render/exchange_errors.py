"""What can be wrong with files that others give or get, beneath `RenderError`.

InvalidInvoice             a vendor's invoice or list of usage cannot be read as one
InvalidNotesFile           what a reviewer sent back cannot be read as it left, and nothing of it is kept
ReviewTooLarge             a review would be larger than a file that can be sent
MissingLibrary             a library that only one thing needs is not installed
"""

from __future__ import annotations

from render.errors import RenderError
from storyboard.errors import ExitCode


class InvalidInvoice(RenderError):
    """A vendor's invoice or list of usage cannot be read as one, or names no jobs and sums."""

    code = "invalid_invoice"
    exit_code = ExitCode.WRONG_INPUT


class InvalidNotesFile(RenderError):
    """What a reviewer sent back is not what left for review, or not read as it was written. Nothing of it is kept."""

    code = "invalid_notes_file"
    exit_code = ExitCode.WRONG_INPUT


class ReviewTooLarge(RenderError):
    """An episode with all these takes would be too large for one file."""

    code = "review_too_large"
    exit_code = ExitCode.WRONG_INPUT


class MissingLibrary(RenderError):
    """What was asked for needs a library that is not installed, as nothing else needs it."""

    code = "missing_library"
