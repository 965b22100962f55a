"""The folder that a team works in: its parts, settings, lock, backups, and what a killed run left behind.

folder      its parts, and how a new one is made
settings    what a team may set in `workspace.yaml`
run         when something is done, by whom, and how progress is shown
lock        makes sure that one person works at a time; holder says who
unfinished  puts in place what a killed run had recorded; leftovers removes the rest
backups     the backups of the master
"""

from xlperf.workflow.workspace.folder import (
    CATALOGUE,
    FRAMEWORKS,
    LEDGER,
    MASTER,
    TEMPLATES,
    Workspace,
    catalogue_file,
    document,
    init,
    open_workspace,
    reporting_period,
    shipped,
)

__all__ = [
    "CATALOGUE",
    "FRAMEWORKS",
    "LEDGER",
    "MASTER",
    "TEMPLATES",
    "Workspace",
    "catalogue_file",
    "document",
    "init",
    "open_workspace",
    "reporting_period",
    "shipped",
]
