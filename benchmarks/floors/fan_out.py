"""The floor of a fan-out: a bare bulk insert of the same rows, same indexes. Nothing of the project."""

from psycopg2 import sql
from psycopg2.extras import execute_values

TABLE = sql.Identifier("floor_notice")


def read_rows(cursor):
    """(column names, rows) of the ledger as it stands."""
    cursor.execute("SELECT * FROM plans_notice ORDER BY id")
    return [column[0] for column in cursor.description], cursor.fetchall()


def make_table(cursor):
    cursor.execute("CREATE TABLE IF NOT EXISTS floor_notice (LIKE plans_notice INCLUDING ALL)")


def insert(cursor, columns, rows):
    """Insert all rows, a thousand a statement."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES %s").format(TABLE, names)
    execute_values(cursor, statement.as_string(cursor), rows, page_size=1000)
