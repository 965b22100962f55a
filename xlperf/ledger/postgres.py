"""The ledger in a PostgreSQL database, for a team that shares a server: the same runs and originals, byte for byte.

The tables are created with the first run, in the connection's schema. Rows are only added: the database itself refuses
to change, delete or truncate them, except for roles that may alter the tables. Beside them stand the figures that a
collation has shown, for other programs: see `figures_view`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, LiteralString

from xlperf.errors import LedgerError
from xlperf.ledger.connection import DatabaseConnection
from xlperf.ledger.figure_table import ShownFigures
from xlperf.ledger.ledger import ConnectionLost, must_be_original, must_be_run, sha256_and_suffix
from xlperf.ledger.records import LedgerRun, Record
from xlperf.ledger.runfile import make_run, must_have_every_run, without_copies
from xlperf.ledger.state import State, state_of

if TYPE_CHECKING:
    from psycopg import Cursor

VERSION = 1
"""The version of the tables below. A later version may add to them."""

_TABLES = (
    """CREATE TABLE xlperf_ledger (
        version integer PRIMARY KEY,
        made_at timestamptz NOT NULL DEFAULT now())""",
    """CREATE TABLE xlperf_runs (
        name text COLLATE "C" PRIMARY KEY,
        data bytea NOT NULL,
        recorded_at timestamptz NOT NULL DEFAULT now(),
        recorded_by text NOT NULL DEFAULT session_user)""",
    """CREATE TABLE xlperf_originals (
        sha256 text COLLATE "C" NOT NULL,
        suffix text COLLATE "C" NOT NULL,
        data bytea NOT NULL,
        recorded_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (sha256, suffix),
        CHECK (sha256 = encode(sha256(data), 'hex')))""",
    """CREATE FUNCTION xlperf_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'the xlperf ledger is only ever added to: % of % is refused', TG_OP, TG_TABLE_NAME;
        END $$""",
    *(
        f"CREATE TRIGGER xlperf_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION xlperf_only_added_to()"
        for table in ("xlperf_ledger", "xlperf_runs", "xlperf_originals")
    ),
    f"INSERT INTO xlperf_ledger (version) VALUES ({VERSION})",  # noqa: S608  a number of ours
)


class PostgresLedger:
    """A ledger in a database. `Ledger` documents the methods."""

    def __init__(self, url: str) -> None:
        """Read the URL, without connecting. Raises LedgerError if it cannot be read or psycopg is missing."""
        self._database = DatabaseConnection(url)
        self._read: dict[str, LedgerRun] = {}
        """By name. A run never changes, so it is read once."""

    @property
    def place(self) -> str:
        """See `Ledger.place`."""
        return self._database.place

    def append(self, kind: str, records: Sequence[Record], *, at: datetime, by: str) -> str:
        """See `Ledger.append`.

        If the connection is lost, the run is looked up once the server is back: so a run is never recorded twice, and a
        recorded run is never reported as lost. The lock makes the answer certain, as the server grants it only when the
        lost session has ended.
        """
        sent: list[str] = []

        def once(cursor: Cursor[Any]) -> str:
            _create_tables(cursor)
            _lock(cursor)
            recorded = set(sent) & set(_names(cursor))
            if recorded:
                return recorded.pop()
            before = must_have_every_run(self._stored(cursor), records)
            name, data = make_run(kind, records, at=at, by=by, before=before)
            sent.append(name)
            cursor.execute("INSERT INTO xlperf_runs (name, data) VALUES (%s, %s)", (name, data))
            return name

        def attempt() -> str:
            sent_before = len(sent)
            try:
                return self._database.write(once)
            except ConnectionLost:
                raise
            except LedgerError:
                del sent[sent_before:]  # the server itself refused it
                raise

        try:
            return self._database.with_retry(attempt)
        except LedgerError as error:
            if not sent:
                raise
            raise LedgerError(
                f"{error}. It is unknown whether this was recorded before the connection was lost; try again when the "
                "server answers: what was recorded counts once"
            ) from None

    def state(self) -> State:
        """See `Ledger.state`."""
        return state_of(self.runs())

    def runs(self) -> tuple[LedgerRun, ...]:
        """See `Ledger.runs`."""
        return tuple(must_have_every_run(self._database.read(self._stored)))

    def keep_runs(self) -> bool:
        """See `Ledger.keep_runs`. Runs of a database are not kept."""
        return False

    def show_figures(self, shown: ShownFigures) -> str:
        """See `Ledger.show_figures`: they are the view `xlperf_figures`."""
        from xlperf.ledger.figures_view import show

        if not shown.runs:  # the tables of a ledger are made with its first run
            return ""
        rows = list(shown.rows)  # where the connection is lost, they are needed again

        def once(cursor: Cursor[Any]) -> str:
            _create_tables(cursor)
            _lock(cursor)
            return show(cursor, replace(shown, rows=rows))

        return self._database.with_retry(lambda: self._database.write(once))

    def _stored(self, cursor: Cursor[Any]) -> tuple[LedgerRun, ...]:
        names = _names(cursor)
        unread = [name for name in names if name not in self._read]
        if unread:
            cursor.execute("SELECT name, data FROM xlperf_runs WHERE name = ANY(%s) ORDER BY name", (unread,))
            for name, data in cursor:
                try:
                    self._read[name] = must_be_run(name, data)
                except LedgerError as error:
                    raise LedgerError(f"{self.place}: {error}") from error
        return without_copies((name, self._read[name]) for name in names)

    def stored_runs(self) -> tuple[str, ...]:
        """See `Ledger.stored_runs`."""
        return self._database.read(_names)

    def run_bytes(self, stored: str) -> bytes:
        """See `Ledger.run_bytes`."""
        data = self._database.read(lambda cursor: _run_bytes(cursor, stored))
        if data is None:
            raise LedgerError(f"{self.place}: run {stored} is missing; restore it from a backup")
        return data

    def put_run(self, name: str, data: bytes) -> None:
        """See `Ledger.put_run`."""
        must_be_run(name, data)

        def put(cursor: Cursor[Any]) -> None:
            _create_tables(cursor)
            _lock(cursor)
            stored = _run_bytes(cursor, name)
            if stored is None:
                cursor.execute("INSERT INTO xlperf_runs (name, data) VALUES (%s, %s)", (name, data))
            elif stored != data:
                raise LedgerError(f"{self.place}: another run of the name {name} exists; it was not overwritten")

        self._database.with_retry(lambda: self._database.write(put))

    def keep(self, data: bytes, suffix: str = ".xlsx") -> str:
        """See `Ledger.keep`."""
        digest = hashlib.sha256(data).hexdigest()

        def put(cursor: Cursor[Any]) -> None:
            _create_tables(cursor)
            cursor.execute("SELECT 1 FROM xlperf_originals WHERE (sha256, suffix) = (%s, %s)", (digest, suffix))
            if cursor.fetchone() is None:
                cursor.execute(
                    "INSERT INTO xlperf_originals (sha256, suffix, data) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                    (digest, suffix, data),
                )

        self._database.with_retry(lambda: self._database.write(put))
        return digest

    def originals(self) -> tuple[str, ...]:
        """See `Ledger.originals`."""

        def names(cursor: Cursor[Any]) -> tuple[str, ...]:
            if not _tables_exist(cursor):
                return ()
            cursor.execute("SELECT sha256 || suffix FROM xlperf_originals ORDER BY 1")
            return tuple(name for (name,) in cursor if sha256_and_suffix(name))

        return self._database.read(names)

    def run_hashes(self) -> dict[str, str]:
        """See `Ledger.run_hashes`; the server works them out, so no run is sent."""
        return self._database.read(
            lambda cursor: _pairs(cursor, "SELECT name, encode(sha256(data), 'hex') FROM xlperf_runs ORDER BY name")
        )

    def original_hashes(self) -> dict[str, str]:
        """See `Ledger.original_hashes`; the server works them out, so no original is sent."""
        query = "SELECT sha256 || suffix, encode(sha256(data), 'hex') FROM xlperf_originals ORDER BY 1"
        pairs = self._database.read(lambda cursor: _pairs(cursor, query))
        return {name: digest for name, digest in pairs.items() if sha256_and_suffix(name)}

    def original(self, sha256: str) -> bytes:
        """See `Ledger.original`."""
        digest, suffix = sha256[:64], sha256[64:]

        def find(cursor: Cursor[Any]) -> bytes | None:
            if not _tables_exist(cursor):
                return None
            cursor.execute(
                "SELECT data FROM xlperf_originals WHERE sha256 = %s AND %s IN (suffix, '') LIMIT 1", (digest, suffix)
            )
            row = cursor.fetchone()
            return bytes(row[0]) if row else None

        data = self._database.read(find)
        place = f"{self.place}: original {sha256}"
        if data is None:
            raise LedgerError(f"{place} is missing; restore it from a backup")
        return must_be_original(data, digest, place)


def _create_tables(cursor: Cursor[Any]) -> None:
    """Create the tables in this transaction, if there are none."""
    if not _tables_exist(cursor):
        _lock(cursor)
        if not _tables_exist(cursor):  # somebody else may have created them meanwhile
            for statement in _TABLES:
                cursor.execute(statement)


def _lock(cursor: Cursor[Any]) -> None:
    """Lock out others who add runs until this transaction ends. Needs no right to the tables."""
    cursor.execute("SELECT pg_advisory_xact_lock(hashtext('xlperf ledger'))")


def _tables_exist(cursor: Cursor[Any]) -> bool:
    """Whether the tables exist. Raises LedgerError if they are of a later version."""
    # Not to_regclass: it may still not see tables that another session has created and this statement sees.
    cursor.execute(
        "SELECT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relname = 'xlperf_ledger' AND n.nspname = ANY (current_schemas(false)))"
    )
    if cursor.fetchone() != (True,):
        return False
    cursor.execute("SELECT max(version) FROM xlperf_ledger")
    row = cursor.fetchone()
    if row is None or row[0] is None or row[0] > VERSION:
        raise LedgerError("the ledger's tables were created by a later xlperf; update this one")
    return True


def _names(cursor: Cursor[Any]) -> tuple[str, ...]:
    if not _tables_exist(cursor):
        return ()
    cursor.execute("SELECT name FROM xlperf_runs ORDER BY name")
    return tuple(name for (name,) in cursor)


def _pairs(cursor: Cursor[Any], query: LiteralString) -> dict[str, str]:
    """What a query of two columns finds; nothing where there are no tables."""
    if not _tables_exist(cursor):
        return {}
    cursor.execute(query)
    return dict(cursor.fetchall())


def _run_bytes(cursor: Cursor[Any], name: str) -> bytes | None:
    if not _tables_exist(cursor):
        return None
    cursor.execute("SELECT data FROM xlperf_runs WHERE name = %s", (name,))
    row = cursor.fetchone()
    return bytes(row[0]) if row else None
