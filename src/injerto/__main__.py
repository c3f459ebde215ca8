"""`injerto`, and `python -m injerto`: the command line, from the first moment on without a traceback for Ctrl-C."""

import os
import sys


def main() -> None:
    """Run the command line, and end the process."""
    try:
        from injerto.cli.app import main as run  # takes a third of a second, in which Ctrl-C must leave as later
    except KeyboardInterrupt:
        sys.stderr.write("Error: Interrupted.\n")
        sys.stderr.flush()
        os._exit(130)
    run()


if __name__ == "__main__":
    main()
