"""A private PostgreSQL server for the tests: on a free port of this machine, asking for a password, gone at the end."""

from __future__ import annotations

import glob
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

PASSWORD = "s3cret pass"  # noqa: S105  of a server that lives for the length of a test


def binaries() -> Path | None:
    """Where the newest initdb and postgres of this machine are; None where there are none."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb")) or [shutil.which("initdb") or ""]
    return Path(found[-1]).parent if found[-1] else None


class Server:
    """The server; `url(schema)` is a ledger's address in a schema of its own, made if need be."""

    def __init__(self, bin_folder: Path) -> None:
        self._bin = bin_folder
        self._folder = Path(tempfile.mkdtemp(prefix="xlperf-pg-"))
        # PostgreSQL refuses to run as root; Debian's package brings a user for it.
        self._as: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []}
        if os.geteuid():
            self._as = {}
        else:
            shutil.chown(self._folder, "postgres", "postgres")
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._schemas = 0
        self._make()
        self.start()

    def _make(self) -> None:
        secret = self._folder / "password"
        secret.write_text(PASSWORD, encoding="utf-8")
        if self._as:
            shutil.chown(secret, "postgres", "postgres")
        command: list[str | Path] = [
            self._bin / "initdb",
            "-D",
            self._folder / "data",
            "-U",
            "team",
            "--no-sync",
            "-E",
            "UTF8",
        ]
        command += ["--locale=C", "--auth=scram-sha-256", f"--pwfile={secret}"]
        subprocess.run(command, check=True, capture_output=True, cwd="/", timeout=120, **self._as)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = {"listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": self._folder}
        options |= {"fsync": "off", "max_connections": 30, "log_min_messages": "panic"}
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        self._process = subprocess.Popen(
            [self._bin / "postgres", "-D", self._folder / "data", *settings],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            **self._as,
        )
        until = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self.address()).close()
                return
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT ends it in order, SIGQUIT at once, as a crash would."""
        if self._process is not None:
            self._process.send_signal(how)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(30)
            self._process = None

    def remove(self) -> None:
        """Stop it and delete everything of it."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self._folder, ignore_errors=True)

    def address(self, schema: str = "", *, port: int = 0, user: str = "team") -> str:
        """The address of the database, with the password."""
        options = f"?options=-c%20search_path%3D{schema}" if schema else ""
        return f"postgresql://{user}:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{port or self.port}/postgres{options}"

    def url(self) -> str:
        """The address of a fresh and empty schema."""
        self._schemas += 1
        schema = f"ledger{self._schemas}"
        self.run(f"CREATE SCHEMA {schema}")
        return self.address(schema)

    def run(self, statement: Any, *values: Any) -> list[tuple[Any, ...]]:
        """Run a statement as the owner of everything; its rows."""
        with psycopg.connect(self.address(), autocommit=True) as connection:
            cursor = connection.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
