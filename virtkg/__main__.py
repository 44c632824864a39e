"""`python -m virtkg`. Knows and does nothing but start the command line."""

from virtkg.cli import main

main()
