"""The ledger in PostgreSQL: what only a database can do to it, and what only a database does for it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress

import psycopg
import pytest

from tests.conftest import at
from tests.ledger.records import EVERYTHING
from tests.ledger.relay import Relay
from tests.ledger.server import PASSWORD, Server
from xlperf.errors import LedgerError, UsageError
from xlperf.ledger import Decision, open_ledger

pytestmark = pytest.mark.postgres


@pytest.fixture
def url(server: Server) -> str:
    return server.url()


@pytest.fixture
def relay(server: Server) -> Iterator[Relay]:
    made = Relay(server.port)
    yield made
    made.close()


def through(relay: Relay, server: Server, url: str) -> str:
    """A ledger's address by way of a relay."""
    return url.replace(f":{server.port}/", f":{relay.port}/")


def decided(stage: str) -> list[Decision]:
    return [Decision("V1", "TRUST", stage)]


# ---- only ever added to --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["xlperf_ledger", "xlperf_runs", "xlperf_originals"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_itself_refuses_to_change_or_delete(table: str, change: str, server: Server, url: str) -> None:
    ledger = open_ledger(url)
    ledger.append("collate", EVERYTHING, at=at("2026-07-10"), by="me")
    ledger.keep(b"one")
    before = (ledger.run_bytes(ledger.stored_runs()[0]), ledger.originals())
    column = "version" if table == "xlperf_ledger" else "data"
    with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.RaiseException, match="only ever added to"):
        connection.execute(change.format(table, column, column))
    assert (ledger.run_bytes(ledger.stored_runs()[0]), ledger.originals()) == before


def test_the_database_refuses_an_original_under_a_hash_that_is_not_its_own(url: str) -> None:
    open_ledger(url).keep(b"one")
    with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute("INSERT INTO xlperf_originals (sha256, suffix, data) VALUES (%s, '', 'two')", ("0" * 64,))


def test_a_user_who_may_only_read_and_add_can_work_and_cannot_take_the_guard_away(server: Server, url: str) -> None:
    open_ledger(url).append("collate", EVERYTHING, at=at("2026-07-10"), by="owner")
    schema = url.rpartition("%3D")[2]
    server.run("DROP ROLE IF EXISTS analyst")
    server.run(f"CREATE ROLE analyst LOGIN PASSWORD '{PASSWORD}'")
    server.run(f"GRANT USAGE ON SCHEMA {schema} TO analyst")
    server.run(f"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA {schema} TO analyst")
    theirs = open_ledger(server.address(schema, user="analyst"))
    theirs.append("collate", decided("Targeted"), at=at("2026-07-11"), by="analyst")
    theirs.keep(b"one")
    assert len(theirs.state().runs) == 2
    refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
    with psycopg.connect(server.address(schema, user="analyst")) as connection, refused:
        connection.execute("ALTER TABLE xlperf_runs DISABLE TRIGGER ALL")
    server.run("DROP OWNED BY analyst; DROP ROLE analyst")


# ---- damage --------------------------------------------------------------------------------------------------------


def test_damage_under_the_database_is_noticed_and_named(server: Server, url: str) -> None:
    ledger = open_ledger(url)
    name = ledger.append("collate", EVERYTHING, at=at("2026-07-10"), by="me")
    digest = ledger.keep(b"one")
    with psycopg.connect(url) as connection:  # as a failing disk would
        connection.execute("ALTER TABLE xlperf_runs DISABLE TRIGGER ALL")
        connection.execute("UPDATE xlperf_runs SET data = set_byte(data, 200, get_byte(data, 200) # 1)")
        connection.execute("ALTER TABLE xlperf_originals DISABLE TRIGGER ALL")
        connection.execute("ALTER TABLE xlperf_originals DROP CONSTRAINT xlperf_originals_check")
        connection.execute("UPDATE xlperf_originals SET data = 'onf'")
    with pytest.raises(LedgerError, match=name):
        open_ledger(url).state()
    with pytest.raises(LedgerError, match=digest):
        open_ledger(url).original(digest)


def test_tables_of_a_later_version_ask_for_an_update(url: str) -> None:
    ledger = open_ledger(url)
    ledger.append("collate", EVERYTHING, at=at("2026-07-10"), by="me")
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO xlperf_ledger (version) VALUES (99)")
    for read in (ledger.state, ledger.stored_runs, ledger.originals):
        with pytest.raises(LedgerError, match="update this one"):
            read()
    with pytest.raises(LedgerError, match="update this one"):
        ledger.append("collate", EVERYTHING, at=at("2026-07-10"), by="me")


# ---- a connection or server that is lost ---------------------------------------------------------------------------


@pytest.mark.parametrize("when", [Relay.BEFORE, Relay.AFTER])
@pytest.mark.parametrize("words", [b"INSERT INTO xlperf_runs", b"COMMIT\x00", b"pg_advisory_xact_lock", b"BEGIN"])
def test_a_run_is_recorded_once_wherever_the_connection_is_cut(
    when: str, words: bytes, server: Server, url: str, relay: Relay
) -> None:
    ledger = open_ledger(through(relay, server, url))
    first = ledger.append("collate", decided("Enhanced"), at=at("2026-07-10"), by="me")
    relay.cut = lambda sent: when if words in sent else None
    second = ledger.append("collate", decided("Targeted"), at=at("2026-07-11"), by="me")
    assert relay.cuts == 1
    assert ledger.stored_runs() == (first, second)
    assert open_ledger(url).state().runs == (first, second)


@pytest.mark.parametrize("when", [Relay.BEFORE, Relay.AFTER])
def test_an_original_is_kept_though_the_connection_is_cut(when: str, server: Server, url: str, relay: Relay) -> None:
    ledger = open_ledger(through(relay, server, url))
    ledger.keep(b"one")
    relay.cut = lambda sent: when if b"INSERT INTO xlperf_originals" in sent else None
    digest = ledger.keep(b"two" * 100_000)
    assert relay.cuts == 1
    assert open_ledger(url).original(digest) == b"two" * 100_000


def test_a_session_that_the_server_ended_over_lunch_is_made_again(server: Server, url: str) -> None:
    ledger = open_ledger(url)
    ledger.append("collate", decided("Enhanced"), at=at("2026-07-10"), by="me")
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'xlperf'"
    server.run(ended)
    assert len(ledger.state().runs) == 1
    server.run(ended)
    ledger.append("collate", decided("Targeted"), at=at("2026-07-11"), by="me")
    assert len(ledger.state().runs) == 2


def test_a_server_process_that_is_killed_in_the_middle_loses_nothing(server: Server, url: str) -> None:
    """SIGKILL of one session makes PostgreSQL end all others and recover, as after a crash."""
    ledger = open_ledger(url)
    names = [ledger.append("collate", decided("0"), at=at("2026-07-10"), by="me")]
    stop = threading.Event()

    def kill() -> None:
        while not stop.wait(0.2):
            with suppress(psycopg.Error):  # while it recovers
                rows = server.run("SELECT pid FROM pg_stat_activity WHERE application_name = 'xlperf'")
                for (pid,) in rows[:1]:
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                if rows:
                    return

    for round_ in range(3):
        stop.clear()
        killer = threading.Thread(target=kill)
        killer.start()
        for n in range(1, 2000):
            names.append(ledger.append("collate", decided(f"{round_}.{n}"), at=at("2026-07-10"), by="me"))
            if not killer.is_alive():
                break
        stop.set()
        killer.join()
    # Asked of the same ledger, which waits: a new one is told at once that the server is still recovering.
    assert list(ledger.stored_runs()) == names
    assert list(ledger.state().runs) == names


def test_a_server_that_is_restarted_is_waited_for(server: Server, url: str) -> None:
    ledger = open_ledger(url)
    first = ledger.append("collate", decided("Enhanced"), at=at("2026-07-10"), by="me")
    server.stop(signal.SIGQUIT)
    starter = threading.Timer(1.0, server.start)
    starter.start()
    second = ledger.append("collate", decided("Targeted"), at=at("2026-07-11"), by="me")
    starter.join()
    assert ledger.state().runs == (first, second)


def test_two_who_record_at_once_wait_for_each_other_so_each_run_follows_the_last(url: str) -> None:
    def record(who: str) -> None:
        ledger = open_ledger(url)
        for n in range(25):
            ledger.append("collate", decided(f"{who} {n}"), at=at("2026-07-10"), by=who)

    both = [threading.Thread(target=record, args=(who,)) for who in ("ann", "ben")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    runs = open_ledger(url).runs()
    assert len(runs) == 50
    assert [run.after for run in runs[1:]] == [(run.name,) for run in runs[:-1]]


def test_reading_sees_one_moment_while_others_record(server: Server, url: str) -> None:
    writer, reader = open_ledger(url), open_ledger(url)
    done = threading.Event()

    def write() -> None:
        for n in range(60):
            writer.append("collate", decided(str(n)), at=at("2026-07-10"), by="me")
        done.set()

    thread = threading.Thread(target=write)
    thread.start()
    seen = [0]
    while not done.is_set():
        seen.append(len(reader.state().runs))  # which raises where a run is there and one it names is not
    thread.join()
    assert seen == sorted(seen)
    assert len(reader.state().runs) == 60


# ---- what is said --------------------------------------------------------------------------------------------------


def said(address: str) -> str:
    """What the ledger at an address says when it is read."""
    with pytest.raises(LedgerError) as caught:
        open_ledger(address).state()
    error: BaseException | None = caught.value
    words = []
    while error is not None:  # a log may show what it came from
        words.append(f"{error} {error!r}")
        error = None if error.__suppress_context__ else error.__cause__ or error.__context__
    return "\n".join(words)


@pytest.mark.parametrize(
    "change",
    [
        ("127.0.0.1", "no-such-host.invalid"),
        (":{port}/", ":1/"),
        ("/postgres", "/no_such_database"),
        ("team:", "nobody:"),
        (PASSWORD.replace(" ", "%20"), "wrong%20pass"),
        (PASSWORD.replace(" ", "%20"), "wrong%zzpass"),
        (PASSWORD.replace(" ", "%20"), "wrong/pass"),
        (PASSWORD.replace(" ", "%20"), "wrong@pass"),
        (PASSWORD.replace(" ", "%20"), "wrong:pass@x/pass"),
        ("?options", "?password=wrong%20pass&nonsense=1&options"),
    ],
    ids=lambda change: change[1],
)
def test_no_message_ever_holds_the_password(change: tuple[str, str], server: Server, url: str) -> None:
    old = change[0].replace("{port}", str(server.port))
    assert old in url
    message = said(url.replace(old, change[1]))
    for secret in (PASSWORD, PASSWORD.replace(" ", "%20"), "wrong", "pass ", "s3cret"):
        assert secret not in message.replace("password", "").replace("PASSWORD", "")
    assert "postgresql://" in message
    assert len(message) < 1500


def test_a_message_is_not_spoilt_by_a_password_of_no_characters() -> None:
    assert "Connection refused" in said("postgresql://127.0.0.1:1/db?password=")


def test_a_ledgers_place_names_user_host_and_database(server: Server, url: str) -> None:
    assert open_ledger(url).place == f"postgresql://team@127.0.0.1:{server.port}/postgres"
    assert PASSWORD not in repr(open_ledger(url))


def test_another_kind_of_address_is_refused() -> None:
    with pytest.raises(UsageError, match="postgresql://"):
        open_ledger("mysql://team:secret@host/db")


def test_who_may_not_add_is_told_what_to_ask_for(server: Server, url: str) -> None:
    schema = url.rpartition("%3D")[2]
    server.run("DROP ROLE IF EXISTS reader")
    server.run(f"CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}'")
    server.run(f"GRANT USAGE ON SCHEMA {schema} TO reader")
    theirs = open_ledger(server.address(schema, user="reader"))
    assert theirs.state().runs == ()
    with pytest.raises(LedgerError, match="SELECT, INSERT"):
        theirs.append("collate", EVERYTHING, at=at("2026-07-10"), by="reader")
    server.run("DROP OWNED BY reader; DROP ROLE reader")


def test_without_psycopg_the_one_thing_to_install_is_named() -> None:
    script = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from xlperf.errors import LedgerError; from xlperf.ledger import open_ledger\n"
        "open_ledger('some/folder')\n"
        "try: open_ledger('postgresql://host/db')\n"
        "except LedgerError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "pip install 'xlperf[postgres]'" in done.stdout


def test_psycopg_is_loaded_only_for_a_database() -> None:
    script = (
        "import sys; from xlperf.ledger import open_ledger; open_ledger('x').state(); print('psycopg' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
