"""`python -m injerto`: the command line."""

from injerto.cli.app import run

run()
