"""The folder that a team works in: its parts, settings, lock, backups, and what a killed run left behind.

folder      its parts, and how a new one is made
settings    what a team may set in `workspace.yaml`
clock       when something is done, and by whom
lock        one at a time; `holder` says who
unfinished  what a killed run had recorded and not put in its place; `leftovers` are removed
backups     of the master
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
