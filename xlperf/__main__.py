"""`python -m xlperf`, where the script of that name is not on the path."""

from xlperf.cli import main

main()
