"""The figures of a ledger in PostgreSQL as a view that other programs can read: `xlperf_figures`.

What a figure is, and how it is judged, is worked out by a collation; SQL works nothing out. A collation that has shown
figures adds the rows that differ from what stands there, and notes the runs for which they stand. So the tables are
only added to, as the ledger's are, and whoever reads the view sees whether a run has come since.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, LiteralString

from psycopg import sql

from xlperf.ledger.figure_table import FigureColumn, FigureRow, ShownFigures, hash_of_runs

if TYPE_CHECKING:
    from psycopg import Cursor

VIEW = "xlperf_figures"
_SHOWN, _ROWS = "xlperf_shown", "xlperf_shown_figures"

_TABLES: tuple[LiteralString, ...] = (
    """CREATE TABLE xlperf_shown (
        number integer PRIMARY KEY,
        runs text NOT NULL,
        reporting_period text NOT NULL,
        shown_at timestamptz NOT NULL DEFAULT now(),
        shown_by text NOT NULL DEFAULT session_user)""",
    """CREATE TABLE xlperf_shown_figures (
        number integer NOT NULL,
        is_gone boolean NOT NULL)""",
    *(
        f"CREATE TRIGGER xlperf_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION xlperf_only_added_to()"
        for table in ("xlperf_shown", "xlperf_shown_figures")
    ),
)
_RUNS: LiteralString = (
    "SELECT encode(sha256(convert_to(string_agg(name, E'\\n' ORDER BY name), 'UTF8')), 'hex') FROM xlperf_runs"
)


def show(cursor: Cursor[Any], shown: ShownFigures) -> str:
    """Bring the view up to date in this transaction, which holds the ledger's lock. Returns why not; "" if it is."""
    cursor.execute(_RUNS)
    recorded = cursor.fetchone()
    if recorded != (hash_of_runs(shown.runs),):
        return "somebody else has recorded a run meanwhile; the next collation brings them up to date"
    if not _exists(cursor, _ROWS):
        cursor.execute("SELECT has_schema_privilege(current_schema(), 'CREATE')")
        if cursor.fetchone() != (True,):
            return "this user may not make their tables; whoever made those of the ledger can, by collating once"
        for statement in _TABLES:
            cursor.execute(statement)
    columns = _columns(cursor, shown.columns)
    cursor.execute(
        "SELECT bool_and(has_table_privilege(name, 'SELECT') AND has_table_privilege(name, 'INSERT')) "
        "FROM unnest(%s::text[]) name",
        ([_SHOWN, _ROWS],),
    )
    if cursor.fetchone() != (True,):
        return f"this user may not add to {_SHOWN} and {_ROWS}; give them SELECT and INSERT there too"
    cursor.execute("SELECT number, runs, reporting_period FROM xlperf_shown ORDER BY number DESC LIMIT 1")
    number, *stands_for = cursor.fetchone() or (0, "", "")
    added = _added(cursor, columns, shown, number + 1)
    if added or stands_for != [recorded[0], shown.reporting_period]:
        cursor.execute(
            "INSERT INTO xlperf_shown (number, runs, reporting_period) VALUES (%s, %s, %s)",
            (number + 1, recorded[0], shown.reporting_period),
        )
    return ""


def _added(cursor: Cursor[Any], columns: Sequence[FigureColumn], shown: ShownFigures, number: int) -> int:
    """Add the rows that differ from what stands there, and say of those that are no more that they are gone."""
    places = [place for place, each in enumerate(shown.columns) if each in columns]
    of_key = [at for at, place in enumerate(places) if shown.columns[place].is_key]
    names = [shown.columns[place].name for place in places]
    listed = sql.SQL(", ").join(map(sql.Identifier, names))
    key = sql.SQL(", ").join(sql.Identifier(names[at]) for at in of_key)
    cursor.execute(
        sql.SQL(
            "SELECT * FROM (SELECT DISTINCT ON ({key}) is_gone, {listed} FROM xlperf_shown_figures "
            "ORDER BY {key}, number DESC) latest WHERE NOT is_gone"
        ).format(key=key, listed=listed)
    )
    stand = {tuple(row[at + 1] for at in of_key): row[1:] for row in cursor}
    added = 0

    def changes() -> Iterator[tuple[bool, FigureRow]]:
        for full in shown.rows:
            row = tuple(full[place] for place in places)
            if stand.pop(tuple(row[at] for at in of_key), None) != row:
                yield False, row
        for row in stand.values():
            yield True, tuple(value if at in of_key else None for at, value in enumerate(row))

    with cursor.copy(sql.SQL("COPY xlperf_shown_figures (number, is_gone, {}) FROM STDIN").format(listed)) as copy:
        for is_gone, row in changes():
            copy.write_row((number, is_gone, *row))
            added += 1
    return added


def _columns(cursor: Cursor[Any], wanted: Sequence[FigureColumn]) -> Sequence[FigureColumn]:
    """Those of the columns that the table has, once whoever owns it has been given those that it lacks."""
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'xlperf_shown_figures'::regclass AND attnum > 0 "
        "AND NOT attisdropped ORDER BY attnum"
    )
    there = [name for (name,) in cursor]
    lacking = [column for column in wanted if column.name not in there]
    cursor.execute("SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'xlperf_shown_figures'::regclass")
    if lacking and cursor.fetchone() == (True,):
        for column in lacking:
            is_text = sql.SQL(' COLLATE "C"' if column.is_key else "")
            cursor.execute(
                sql.SQL("ALTER TABLE xlperf_shown_figures ADD COLUMN {} {}{}").format(
                    sql.Identifier(column.name), sql.SQL(column.type), is_text
                )
            )
        _make_view(cursor, [*there[2:], *(column.name for column in lacking)], [c.name for c in wanted if c.is_key])
        _grant_as_to_runs(cursor)
        there += [column.name for column in lacking]
    return [column for column in wanted if column.name in there]


def _make_view(cursor: Cursor[Any], names: Sequence[str], key: Sequence[str]) -> None:
    """Make the view, or give it more columns, at its end: then nobody's rights to it are lost."""
    listed, by = (sql.SQL(", ").join(map(sql.Identifier, each)) for each in (names, key))
    cursor.execute(
        sql.SQL(
            "CREATE OR REPLACE VIEW xlperf_figures AS "
            "SELECT s.reporting_period, s.shown_at, s.runs = ({runs}) AS is_up_to_date, {listed} "
            "FROM (SELECT DISTINCT ON ({by}) * FROM xlperf_shown_figures ORDER BY {by}, number DESC) f "
            "CROSS JOIN (SELECT * FROM xlperf_shown ORDER BY number DESC LIMIT 1) s WHERE NOT f.is_gone"
        ).format(runs=sql.SQL(_RUNS), listed=listed, by=by)
    )


def _grant_as_to_runs(cursor: Cursor[Any]) -> None:
    """Whoever may read and add runs may read and add these rows, and read the view."""
    cursor.execute(
        "SELECT DISTINCT grantee, privilege_type FROM information_schema.role_table_grants "
        "WHERE table_name = 'xlperf_runs' AND table_schema = current_schema() AND grantee <> current_user "
        "AND privilege_type IN ('SELECT', 'INSERT')"
    )
    for grantee, privilege in cursor.fetchall():
        whom = sql.SQL("PUBLIC") if grantee == "PUBLIC" else sql.Identifier(grantee)
        for table in (_SHOWN, _ROWS, *([VIEW] if privilege == "SELECT" else [])):
            cursor.execute(
                sql.SQL("GRANT {} ON {} TO {}").format(
                    sql.SQL("SELECT" if privilege == "SELECT" else "INSERT"), sql.Identifier(table), whom
                )
            )


def _exists(cursor: Cursor[Any], table: str) -> bool:
    cursor.execute(
        "SELECT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relname = %s AND n.nspname = ANY (current_schemas(false)))",
        (table,),
    )
    return bool(cursor.fetchone() == (True,))
