"""The editions and packs that were shown: what changes are listed against, and by which catalogue that was judged."""

from __future__ import annotations

from pydantic import ValidationError

from xlperf.assessment.shown_editions import EditionShown, last_before, last_pack_before, name_of
from xlperf.catalogue import Catalogue
from xlperf.errors import LedgerError, UsageError
from xlperf.ledger import Edition, Ledger, MeetingPack, State
from xlperf.ledger.ledger import ConnectionLost
from xlperf.period import Period

LAST = "last"
"""Stands for the last edition."""


def last_shown(ledger: Ledger, state: State, reporting: Period) -> EditionShown | None:
    """The last edition of the period reported on, or of the latest before it; None where there is none."""
    last = last_before(state, reporting)
    return _shown(ledger, state, *last) if last else None


def last_pack(ledger: Ledger, state: State, meeting: str, reporting: Period) -> EditionShown | None:
    """The last pack of a meeting, by its id, of the period reported on or of the latest before it; None for none."""
    last = last_pack_before(state, meeting, reporting)
    return _shown(ledger, state, *last) if last else None


def edition_named(ledger: Ledger, state: State, reporting: Period, wanted: str) -> EditionShown:
    """The edition of that name, or of that period the last one, or by `last` the one of `last_shown`.

    Raises:
        UsageError: there is no such edition, or it is of a later period than the one reported on.
    """
    if wanted.strip().casefold() == LAST:
        shown = last_shown(ledger, state, reporting)
        if shown is None:
            raise UsageError(f"no edition of {reporting} or before has been published yet; {_listed(state)}")
        return shown
    name = wanted.strip().removesuffix(".xlsx").casefold()
    for run, edition in reversed(state.published):
        if name in (edition.period.casefold(), name_of(edition).casefold()):
            if Period.parse(edition.period).last_day > reporting.last_day:
                raise UsageError(f"the edition '{name_of(edition)}' is of a later period than {reporting}")
            return _shown(ledger, state, run, edition)
    raise UsageError(f"'{wanted}' is no edition; {_listed(state)}")


def _listed(state: State) -> str:
    names = [name_of(edition) for _, edition in state.published]
    return f"there are: {', '.join(names)}" if names else "there are none yet"


def _shown(ledger: Ledger, state: State, run: str, edition: Edition | MeetingPack) -> EditionShown:
    return EditionShown(edition, run, kept_catalogue(ledger, state.catalogue_at(run)))


def kept_catalogue(ledger: Ledger, sha256: str) -> Catalogue | None:
    """A catalogue that the ledger keeps; None where it is lost, or cannot be read any more.

    Raises:
        ConnectionLost: nobody can tell.
    """
    if not sha256:
        return None
    try:
        return Catalogue.model_validate_json(ledger.original(sha256))
    except ConnectionLost:
        raise
    except (LedgerError, ValidationError):
        return None
