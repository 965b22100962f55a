"""The ledger judged once, as of a reporting period; every sheet, page and message takes its facts from here.

assessment  the whole of it
figures     the ledger's figures, as a frame
latest      how each KPI and org stands
escalation  proposals and decisions of escalation
attention   what needs action, what to celebrate
confidence  how far each figure can be relied on

`Assessment` and what it is made of are loaded when they are first asked for: pandas takes longer to load than a command
takes that only counts returns.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlperf.assessment.assessment import Assessment
    from xlperf.assessment.figures import JudgedFigure, date_of, number_of
    from xlperf.assessment.latest import Latest

__all__ = ["Assessment", "JudgedFigure", "Latest", "date_of", "number_of"]

_MODULE_OF = {
    "Assessment": "assessment",
    "JudgedFigure": "figures",
    "Latest": "latest",
    "date_of": "figures",
    "number_of": "figures",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__} has no {name}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
