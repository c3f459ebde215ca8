"""`python -m injerto`: the command line."""

from injerto.cli.app import main

main()
