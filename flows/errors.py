"""What can be wrong around a production, as a tree: with the command, the environment, or what a run stands on.

FlowError
├── UsageError         what was asked for on the command line cannot be done as it is written
├── SettingsError      an environment variable holds something that cannot be used
├── CannotStart        a new project would be made where something is
├── ServerError        no Prefect API to run on
├── RehearsalError     a rehearsal cannot go on
├── RealVendor         a rehearsal was about to ask a vendor that is not on this machine
└── Unprinted          a result could not be written to standard output
"""

from collections.abc import Mapping

from storyboard.errors import ExitCode, TailframeError


class FlowError(TailframeError):
    """Base of everything that `flows` raises on purpose and a user can meet."""

    code = "flow_error"


class UsageError(FlowError):
    """What was asked for on the command line cannot be done as it is written."""

    code = "usage_error"
    exit_code = ExitCode.WRONG_INPUT


class SettingsError(FlowError):
    """Environment variables hold what cannot be used. `problems` says of each why, `variable` names the first one."""

    code = "settings_error"
    exit_code = ExitCode.WRONG_INPUT

    def __init__(self, problems: Mapping[str, str], remedy: str = "") -> None:
        super().__init__("\n".join(f"{variable}: {problem}" for variable, problem in problems.items()), remedy)
        self.problems = dict(problems)
        self.variable = next(iter(self.problems))


class CannotStart(FlowError):
    """A project cannot be made there."""

    code = "cannot_start"
    exit_code = ExitCode.WRONG_INPUT


class ServerError(FlowError):
    """No Prefect API to run on."""

    code = "server_error"


class RehearsalError(FlowError):
    """A rehearsal cannot go on: another one is under way, or its sandbox has ended."""

    code = "rehearsal_error"


class RealVendor(FlowError):
    """A rehearsal was about to ask a vendor that is not on this machine."""

    code = "real_vendor"


class Unprinted(FlowError, OSError):
    """A result could not be written to standard output."""

    code = "unprinted"
