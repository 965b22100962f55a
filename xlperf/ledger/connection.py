"""A connection to PostgreSQL with time limits, made again where it was lost; every failure is one plain LedgerError.

Nothing here ever says the password: messages name user, host, port and database only, and the library's own words about
an address that it cannot read are not repeated, as they quote it.
"""

from __future__ import annotations

import os
import re
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from xlperf.errors import LedgerError
from xlperf.ledger.ledger import Lost

if TYPE_CHECKING:
    import psycopg
    from psycopg import Connection, Cursor
    from psycopg.conninfo import conninfo_to_dict
else:
    try:
        import psycopg
        from psycopg.conninfo import conninfo_to_dict
    except ImportError:
        psycopg = None

T = TypeVar("T")

CONNECT, STATEMENT, LOCK, IDLE = 10, 300, 90, 60
"""Seconds: to connect, for one statement, to wait for another who is recording, and for which a transaction may stand
idle before the server ends it, so that a client that has gone keeps nobody out for longer."""
_PATIENCE, _PAUSE = 120, 0.5
"""Seconds: a lost connection is tried for so long, and so often. Longer than LOCK and IDLE."""
_DEFAULTS = {
    "application_name": "xlperf",
    "connect_timeout": CONNECT,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # milliseconds
    "client_encoding": "utf8",
}
_REMEDIES: Mapping[str, str] = {
    "57014": "it took too long; try again when the server is less busy",
    "55P03": "somebody else has been recording for too long; try again",
    "42501": "ask for the right to read and add (SELECT, INSERT), and at the first use to make tables (CREATE)",
    "53100": "the server's disk is full; nothing was recorded",
    "25006": "this server only lets itself be read, as a standby does; use the address of the main one",
}
_RECORDED_NOTHING = "nothing was recorded; if it happens again, show this to whoever looks after the database"


class Link:
    """The connection of one ledger; it is made when first used."""

    def __init__(self, url: str) -> None:
        """Raises LedgerError: psycopg is not installed, or the address cannot be read."""
        self._parameters = {**_DEFAULTS, **_parsed(url)}
        secrets = (str(self._parameters.get(key, "")) for key in ("password", "sslpassword"))
        self._secrets = [" ".join(secret.split()) for secret in secrets if secret.strip()]
        self.place = _shown(self._parameters)
        self._held: list[Connection[Any]] = []
        weakref.finalize(self, _close, self._held, os.getpid())

    def read(self, work: Callable[[Cursor[Any]], T]) -> T:
        """Do `work` in one snapshot of the database, in which nothing can be changed. Raises LedgerError."""
        return self.patiently(lambda: self._transaction("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", work))

    def write(self, work: Callable[[Cursor[Any]], T]) -> T:
        """Do `work` wholly or not at all. Raises Lost where it is not known which; else LedgerError."""
        return self._transaction("BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE", work)

    def patiently(self, work: Callable[[], T]) -> T:
        """Do `work`; where the connection is lost in it, wait for the server to come back and do it again.

        For work that may be done twice. Raises Lost where the server does not come back.
        """
        until = None
        while True:
            try:
                return work()
            except Lost:
                until = until or time.monotonic() + _PATIENCE
                if time.monotonic() > until:
                    raise
                time.sleep(_PAUSE)

    def _transaction(self, begin: str, work: Callable[[Cursor[Any]], T]) -> T:
        connection = self._connection()
        with self._plainly(connection):
            cursor = connection.cursor(binary=True)
            cursor.execute(begin)
            limits = (("statement_timeout", STATEMENT), ("lock_timeout", LOCK))
            for name, seconds in (*limits, ("idle_in_transaction_session_timeout", IDLE)):
                cursor.execute("SELECT set_config(%s, %s, true)", (name, f"{seconds}s"))
            try:
                done = work(cursor)
            except BaseException:
                with suppress(psycopg.Error):
                    connection.execute("ROLLBACK")
                raise
            cursor.execute("COMMIT")
            return done

    def _connection(self) -> Connection[Any]:
        if self._held and not (self._held[0].closed or self._held[0].broken):
            return self._held[0]
        was_connected = bool(self._held)
        try:
            # No prepared statements: a pooler may hand each transaction to another connection.
            made = psycopg.connect(**self._parameters, autocommit=True, prepare_threshold=None)
        except psycopg.Error as error:
            kind = Lost if was_connected else LedgerError
            raise kind(
                f"{self.place}: {self._said(error)}; nothing was recorded. Is the address right, is the server "
                "running, and may it be reached from here?"
            ) from None
        self._held[:] = [made]
        return made

    @contextmanager
    def _plainly(self, connection: Connection[Any]) -> Iterator[None]:
        """Turn what psycopg raises into LedgerError; Lost where the connection did not live."""
        try:
            yield
        except psycopg.Error as error:
            if connection.closed or connection.broken:
                raise Lost(f"{self.place}: the connection was lost ({self._said(error)}); try again") from None
            with suppress(psycopg.Error):
                connection.execute("ROLLBACK")
            remedy = _REMEDIES.get(error.sqlstate or "", _RECORDED_NOTHING)
            raise LedgerError(f"{self.place}: {self._said(error)}; {remedy}") from None

    def _said(self, error: psycopg.Error) -> str:
        """What the library says, in one line and without the password."""
        text = " ".join(str(error).split()) or type(error).__name__
        for secret in self._secrets:
            text = text.replace(secret, "…")
        return text


def _close(held: list[Connection[Any]], process: int) -> None:
    if os.getpid() == process:  # a forked worker must not end its parent's session
        for connection in held:
            connection.close()


def _parsed(url: str) -> dict[str, Any]:
    if psycopg is None:
        raise LedgerError(
            "a ledger in PostgreSQL needs psycopg, which is not installed: pip install 'xlperf[postgres]'"
        )
    rest = url.partition("://")[2]
    user, at, after = rest.partition("@")
    # An unescaped @ or / in a password would be taken for the start of the host, and be shown as such.
    if "@" in after or (at and "/" in user):
        raise LedgerError(_UNREADABLE)
    try:
        said = dict(conninfo_to_dict(url))
    except psycopg.Error:
        raise LedgerError(_UNREADABLE) from None
    # Where @HOST was forgotten, or the password is in the place of the port, it would be shown as the port.
    if not re.fullmatch(r"[\d,]*", str(said.get("port", ""))):
        raise LedgerError(_UNREADABLE)
    return said


_UNREADABLE = (
    "the ledger's address cannot be read; it is postgresql://USER:PASSWORD@HOST:PORT/DATABASE, in which @ : / % # ? in "
    "a name or password are written as %40 %3A %2F %25 %23 %3F"
)


def _shown(parameters: Mapping[str, Any]) -> str:
    host = parameters.get("host") or parameters.get("hostaddr") or "localhost"
    user = f"{parameters['user']}@" if parameters.get("user") else ""
    port = f":{parameters['port']}" if parameters.get("port") else ""
    return f"postgresql://{user}{host}{port}/{parameters.get('dbname', '')}"
