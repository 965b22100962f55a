"""A connection to PostgreSQL with time limits and retries; every failure is a LedgerError.

No message contains the password. Messages name user, host, port and database only, and never repeat what the library
says about an address it cannot read, because it quotes the address.
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
from xlperf.ledger.ledger import ConnectionLost

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
"""Time limits in seconds: to connect, for one statement, to wait for the lock while somebody else records, and for an
idle transaction, which the server then ends so that a client that has gone does not keep others out."""
_SET_LIMITS = (
    "SELECT set_config('statement_timeout', %s, true), set_config('lock_timeout', %s, true), "
    "set_config('idle_in_transaction_session_timeout', %s, true)"
)
_RETRY_FOR, _RETRY_EVERY = 120, 0.5
"""Seconds: how long a lost connection is retried, and the pause between attempts. Longer than LOCK and IDLE."""
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
    "57014": "the statement took too long; try again when the server is less busy",
    "55P03": "somebody else was recording for too long; try again",
    "42501": "ask for the right to read and add rows (SELECT, INSERT) and, for the first use, CREATE",
    "53100": "the server's disk is full; nothing was recorded",
    "25006": "this server is read-only, as a standby is; use the address of the primary server",
}
_RECORDED_NOTHING = "nothing was recorded; if it happens again, show this message to whoever looks after the database"


class DatabaseConnection:
    """The connection of one ledger, opened when it is first used."""

    def __init__(self, url: str) -> None:
        """Read the address. Raises LedgerError if psycopg is not installed or the address cannot be read."""
        self._parameters = {**_DEFAULTS, **_parameters_of(url)}
        secrets = (str(self._parameters.get(key, "")) for key in ("password", "sslpassword"))
        self._secrets = [" ".join(secret.split()) for secret in secrets if secret.strip()]
        self.place = _address_without_password(self._parameters)
        self._open: list[Connection[Any]] = []  # none or one; a list, so that the finalizer sees the current one
        weakref.finalize(self, _close, self._open, os.getpid())

    def read(self, work: Callable[[Cursor[Any]], T]) -> T:
        """Run `work` in one read-only snapshot of the database. Raises LedgerError."""
        return self.with_retry(lambda: self._transaction("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", work))

    def write(self, work: Callable[[Cursor[Any]], T]) -> T:
        """Run `work` as one transaction.

        Raises ConnectionLost if it is unknown whether it was committed; else LedgerError.
        """
        return self._transaction("BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE", work)

    def with_retry(self, work: Callable[[], T]) -> T:
        """Run `work`; if the connection is lost, wait for the server and run it again.

        `work` must be safe to run twice. Raises ConnectionLost if the server does not come back in time.
        """
        until = None
        while True:
            try:
                return work()
            except ConnectionLost:
                until = until or time.monotonic() + _RETRY_FOR
                if time.monotonic() > until:
                    raise
                time.sleep(_RETRY_EVERY)

    def _transaction(self, begin: str, work: Callable[[Cursor[Any]], T]) -> T:
        connection = self._connection()
        with self._as_ledger_error(connection):
            cursor = connection.cursor(binary=True)
            cursor.execute(begin)
            try:
                cursor.execute(_SET_LIMITS, [f"{seconds}s" for seconds in (STATEMENT, LOCK, IDLE)])
                done = work(cursor)
                cursor.execute("COMMIT")
            except BaseException:
                with suppress(psycopg.Error):
                    connection.execute("ROLLBACK")
                raise
            return done

    def _connection(self) -> Connection[Any]:
        if self._open and not (self._open[0].closed or self._open[0].broken):
            return self._open[0]
        was_connected = bool(self._open)
        try:
            # No prepared statements: a pooler may hand each transaction to another connection.
            connection = psycopg.connect(**self._parameters, autocommit=True, prepare_threshold=None)
        except psycopg.Error as error:
            place_and_error = f"{self.place}: {self._without_passwords(error)}"
            if was_connected:  # what was sent before the connection was lost may have been recorded
                raise ConnectionLost(
                    f"{place_and_error}; the connection was lost and the server could not be reached again. Check the "
                    "address, the server and the network"
                ) from None
            raise LedgerError(
                f"{place_and_error}; nothing was recorded. Check that the address is right, that the server is "
                "running, and that it can be reached from here"
            ) from None
        self._open[:] = [connection]
        return connection

    @contextmanager
    def _as_ledger_error(self, connection: Connection[Any]) -> Iterator[None]:
        """Turn errors of psycopg into LedgerError, or ConnectionLost if the connection is gone."""
        try:
            yield
        except psycopg.Error as error:
            if connection.closed or connection.broken:
                raise ConnectionLost(
                    f"{self.place}: the connection was lost ({self._without_passwords(error)}); try again"
                ) from None
            remedy = _REMEDIES.get(error.sqlstate or "", _RECORDED_NOTHING)
            raise LedgerError(f"{self.place}: {self._without_passwords(error)}; {remedy}") from None

    def _without_passwords(self, error: psycopg.Error) -> str:
        """The library's message on one line, without passwords."""
        text = " ".join(str(error).split()) or type(error).__name__
        for secret in self._secrets:
            text = text.replace(secret, "…")
        return text


def _close(held: list[Connection[Any]], process: int) -> None:
    if os.getpid() == process:  # a forked worker must not end its parent's session
        for connection in held:
            connection.close()


def _parameters_of(url: str) -> dict[str, Any]:
    if psycopg is None:
        raise LedgerError(
            "a ledger in PostgreSQL needs psycopg, which is not installed: pip install 'xlperf[postgres]'"
        )
    after_scheme = url.partition("://")[2]
    user, at_sign, after_user = after_scheme.partition("@")
    # With an unescaped @ or / in it, part of the password would be read, and shown, as the host.
    if "@" in after_user or (at_sign and "/" in user):
        raise LedgerError(_UNREADABLE)
    try:
        parameters = dict(conninfo_to_dict(url))
    except psycopg.Error:
        raise LedgerError(_UNREADABLE) from None
    # If @HOST was forgotten, the password stands where the port should, and would be shown as the port.
    if not re.fullmatch(r"[\d,]*", str(parameters.get("port", ""))):
        raise LedgerError(_UNREADABLE)
    return parameters


_UNREADABLE = (
    "the ledger's address cannot be read; write it as postgresql://USER:PASSWORD@HOST:PORT/DATABASE, and write @ : / % "
    "# ? in a name or password as %40 %3A %2F %25 %23 %3F"
)


def _address_without_password(parameters: Mapping[str, Any]) -> str:
    host = parameters.get("host") or parameters.get("hostaddr") or "localhost"
    user = f"{parameters['user']}@" if parameters.get("user") else ""
    port = f":{parameters['port']}" if parameters.get("port") else ""
    return f"postgresql://{user}{host}{port}/{parameters.get('dbname', '')}"
