"""`python -m rgteach`, where the folder of commands is not on the path."""

import sys

from rgteach.cli import main

if __name__ == "__main__":
    sys.exit(main())
