"""Ledgers of both kinds, and the PostgreSQL server of the tests in this folder; one for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ledger.server import Server, binaries
from xlperf.ledger import Ledger, open_ledger


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A private server; what asks for it is marked `postgres`."""
    folder = binaries()
    if folder is None:
        pytest.skip("no PostgreSQL server is installed")
    made = Server(folder)
    yield made
    made.remove()


KINDS = ["folder", pytest.param("postgres", marks=pytest.mark.postgres)]
"""Of ledgers, for tests that hold for every kind."""


@pytest.fixture
def new_address(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[str], str]:
    """Makes the address of a new and empty ledger of a kind."""
    made: list[str] = []

    def make(kind: str) -> str:
        if kind == "postgres":
            server: Server = request.getfixturevalue("server")
            return server.url()
        made.append(kind)
        return str(tmp_path / f"ledger {len(made)}")

    return make


@pytest.fixture(params=KINDS)
def address(request: pytest.FixtureRequest, new_address: Callable[[str], str]) -> str:
    """The address of a new and empty ledger, of each kind in turn."""
    return new_address(request.param)


@pytest.fixture
def ledger(address: str) -> Ledger:
    """A new and empty ledger, of each kind in turn."""
    return open_ledger(address)
