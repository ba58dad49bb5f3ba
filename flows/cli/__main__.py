"""`python -m flows.cli`, for where the command is not on the PATH."""

from flows.cli import main

main()
