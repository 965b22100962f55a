"""The ledger in a PostgreSQL database, for a team that shares a server: the same runs and originals, byte for byte.

Its tables are made at the first writing, in the connection's schema. They are only ever added to: the database itself
refuses to change, delete or truncate a row, to everybody but those who may change the tables.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from xlperf.errors import LedgerError
from xlperf.ledger.connection import Link
from xlperf.ledger.ledger import Lost, must_be_original, must_be_run, sha256_and_suffix
from xlperf.ledger.records import Record, Run
from xlperf.ledger.runfile import each_once, make_run, must_be_complete, read_run
from xlperf.ledger.state import State, state_of

if TYPE_CHECKING:
    from psycopg import Cursor

VERSION = 1
"""Of the tables below. A later version may add to them."""

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
    """A ledger in a database. See `Ledger` for what each method does."""

    def __init__(self, url: str) -> None:
        """Nothing is connected to yet. Raises LedgerError where the URL cannot be read, or psycopg is missing."""
        self._link = Link(url)
        self._read: dict[str, Run] = {}
        """By name. A run never changes, so one that was read whole need not be read again."""

    @property
    def place(self) -> str:
        """See `Ledger.place`."""
        return self._link.place

    def append(self, kind: str, records: Sequence[Record], *, at: datetime, by: str) -> str:
        """See `Ledger.append`.

        Where the connection is lost in the middle, the server is waited for and asked: a run is never recorded twice,
        and never said to be lost when it was recorded. The lock is what makes the answer certain, as the server gives
        it only once the lost session has ended.
        """
        sent: list[str] = []

        def once(cursor: Cursor[Any]) -> str:
            _make_tables(cursor)
            _lock(cursor)
            recorded = set(sent) & set(_names(cursor))
            if recorded:
                return recorded.pop()
            before = must_be_complete(self._stored(cursor), records)
            name, data = make_run(kind, records, at=at, by=by, before=before)
            sent.append(name)
            cursor.execute("INSERT INTO xlperf_runs (name, data) VALUES (%s, %s)", (name, data))
            return name

        def attempt() -> str:
            known = len(sent)
            try:
                return self._link.write(once)
            except Lost:
                raise
            except LedgerError:
                del sent[known:]  # the server itself said no to it
                raise

        try:
            return self._link.patiently(attempt)
        except LedgerError as error:
            if not sent:
                raise
            raise LedgerError(
                f"{error}. Whether this was recorded is not known, as the server was lost in the middle and could not "
                "be asked again; do this again when it is back: what was recorded counts once"
            ) from None

    def state(self) -> State:
        """See `Ledger.state`."""
        return state_of(self.runs())

    def runs(self) -> tuple[Run, ...]:
        """See `Ledger.runs`."""
        return tuple(must_be_complete(self._link.read(self._stored)))

    def _stored(self, cursor: Cursor[Any]) -> tuple[Run, ...]:
        names = _names(cursor)
        unread = [name for name in names if name not in self._read]
        if unread:
            cursor.execute("SELECT name, data FROM xlperf_runs WHERE name = ANY(%s) ORDER BY name", (unread,))
            for name, data in cursor:
                try:
                    must_be_run(name, data)
                    self._read[name] = read_run(data)
                except LedgerError as error:
                    raise LedgerError(f"{self.place}: {error}") from error
        return each_once((name, self._read[name]) for name in names)

    def stored_runs(self) -> tuple[str, ...]:
        """See `Ledger.stored_runs`."""
        return self._link.read(_names)

    def run_bytes(self, stored: str) -> bytes:
        """See `Ledger.run_bytes`."""
        found = self._link.read(lambda cursor: _run_bytes(cursor, stored))
        if found is None:
            raise LedgerError(f"{self.place}: has no run {stored}")
        return found

    def put_run(self, name: str, data: bytes) -> None:
        """See `Ledger.put_run`."""
        must_be_run(name, data)

        def put(cursor: Cursor[Any]) -> None:
            _make_tables(cursor)
            _lock(cursor)
            there = _run_bytes(cursor, name)
            if there is None:
                cursor.execute("INSERT INTO xlperf_runs (name, data) VALUES (%s, %s)", (name, data))
            elif there != data:
                raise LedgerError(f"{self.place}: another run {name} is there; nothing was written over it")

        self._link.patiently(lambda: self._link.write(put))

    def keep(self, data: bytes, suffix: str = ".xlsx") -> str:
        """See `Ledger.keep`."""
        digest = hashlib.sha256(data).hexdigest()

        def put(cursor: Cursor[Any]) -> None:
            _make_tables(cursor)
            cursor.execute("SELECT 1 FROM xlperf_originals WHERE (sha256, suffix) = (%s, %s)", (digest, suffix))
            if cursor.fetchone() is None:
                cursor.execute(
                    "INSERT INTO xlperf_originals (sha256, suffix, data) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                    (digest, suffix, data),
                )

        self._link.patiently(lambda: self._link.write(put))
        return digest

    def originals(self) -> tuple[str, ...]:
        """See `Ledger.originals`."""

        def names(cursor: Cursor[Any]) -> tuple[str, ...]:
            if not _is_there(cursor):
                return ()
            cursor.execute("SELECT sha256 || suffix FROM xlperf_originals ORDER BY 1")
            return tuple(name for (name,) in cursor if sha256_and_suffix(name))

        return self._link.read(names)

    def original(self, sha256: str) -> bytes:
        """See `Ledger.original`."""
        digest, suffix = sha256[:64], sha256[64:]

        def find(cursor: Cursor[Any]) -> bytes | None:
            if not _is_there(cursor):
                return None
            cursor.execute(
                "SELECT data FROM xlperf_originals WHERE sha256 = %s AND %s IN (suffix, '') LIMIT 1", (digest, suffix)
            )
            row = cursor.fetchone()
            return bytes(row[0]) if row else None

        data = self._link.read(find)
        place = f"{self.place}: original {sha256}"
        if data is None:
            raise LedgerError(f"{place} is not there; restore it from a backup")
        return must_be_original(data, digest, place)


def _make_tables(cursor: Cursor[Any]) -> None:
    """Make the tables where there are none yet, in this transaction."""
    if not _is_there(cursor):
        _lock(cursor)
        if not _is_there(cursor):  # somebody else may have made them meanwhile
            for statement in _TABLES:
                cursor.execute(statement)


def _lock(cursor: Cursor[Any]) -> None:
    """Keep all others in this database from adding runs until this transaction ends. Needs no right to the tables."""
    cursor.execute("SELECT pg_advisory_xact_lock(hashtext('xlperf ledger'))")


def _is_there(cursor: Cursor[Any]) -> bool:
    """Whether the tables are there. Raises LedgerError where they are of a later version."""
    # Not to_regclass, which may answer from before another's tables were made, though this statement is from after.
    cursor.execute(
        "SELECT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relname = 'xlperf_ledger' AND n.nspname = ANY (current_schemas(false)))"
    )
    if cursor.fetchone() != (True,):
        return False
    cursor.execute("SELECT max(version) FROM xlperf_ledger")
    row = cursor.fetchone()
    if row is None or row[0] is None or row[0] > VERSION:
        raise LedgerError("the ledger's tables were made by a later xlperf; update this one")
    return True


def _names(cursor: Cursor[Any]) -> tuple[str, ...]:
    if not _is_there(cursor):
        return ()
    cursor.execute("SELECT name FROM xlperf_runs ORDER BY name")
    return tuple(name for (name,) in cursor)


def _run_bytes(cursor: Cursor[Any], name: str) -> bytes | None:
    if not _is_there(cursor):
        return None
    cursor.execute("SELECT data FROM xlperf_runs WHERE name = %s", (name,))
    row = cursor.fetchone()
    return bytes(row[0]) if row else None
