"""What a database holds, in figures that two databases can be compared by, and the manifest that keeps them."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from psycopg import sql

from gis_portal.ops.archive.server import Session
from registries.core.errors import BadInput

FORMAT = 1
# Text forms of times and bytes depend on the session.
SESSION = "SET TIME ZONE 'UTC'; SET datestyle = 'ISO'; SET intervalstyle = 'postgres'; SET bytea_output = 'hex'"
# Tables of people, without those that extensions bring; generated columns are the server's to compute again.
TABLES = """
SELECT n.nspname, c.relname, array_agg(a.attname::text ORDER BY a.attnum)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relkind = 'r' AND n.nspname = 'public'
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
GROUP BY 1, 2 ORDER BY 1, 2
"""
# A sum of hashes does not depend on the order of the rows.
COUNT = """
SELECT count(*), coalesce(sum(('x' || left(md5(ROW({columns})::text), 16))::bit(64)::bigint), 0)::text FROM {table}
"""


@dataclass(frozen=True)
class Table:
    rows: int
    checksum: str


@dataclass(frozen=True)
class Versions:
    """`postgresql` is the major version; `postgis` such as `3.3.2`, empty in a database without it."""

    postgresql: int
    postgis: str

    @property
    def postgis_minor(self) -> tuple[int, ...]:
        return tuple(int(part) for part in self.postgis.split(".")[:2] if part.isdecimal())


@dataclass(frozen=True)
class Manifest:
    """`files` holds the SHA-256 of each other file of the archive; `owners` the roles that own the tables."""

    made_at: str
    srid: int
    versions: Versions
    migrations: list[str]
    owners: list[str]
    tables: dict[str, Table]
    files: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT
    # The newest link of the audit, for `manage.py audit verify --head`.
    audit_head: str = ""

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=1, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: bytes) -> "Manifest":
        """Raises BadInput."""
        try:
            found = json.loads(text)
            if found["format"] != FORMAT:
                raise BadInput(_("The backup has format %(found)s, not %(known)d.") % {
                    "found": found["format"], "known": FORMAT})  # fmt: skip
            found["versions"] = Versions(**found["versions"])
            found["tables"] = {name: Table(**table) for name, table in found["tables"].items()}
            return cls(**found)
        except (ValueError, TypeError, KeyError, AttributeError) as problem:
            raise BadInput(_("The manifest of the backup cannot be read.")) from problem


def versions(opened: Session) -> Versions:
    query = """
    SELECT current_setting('server_version_num')::int / 10000,
           (SELECT extversion FROM pg_extension WHERE extname = 'postgis')
    """
    major, postgis = _one(opened, query)
    return Versions(major, postgis or "")


def available(opened: Session) -> Versions:
    """What a new database of this server would get."""
    query = """
    SELECT current_setting('server_version_num')::int / 10000,
           (SELECT default_version FROM pg_available_extensions WHERE name = 'postgis')
    """
    major, postgis = _one(opened, query)
    return Versions(major, postgis or "")


def migrations(opened: Session) -> list[str]:
    if _one(opened, "SELECT to_regclass('public.django_migrations')") == (None,):
        return []
    return [name for (name,) in opened.execute("SELECT app || '.' || name FROM public.django_migrations ORDER BY 1")]


def audit_head(opened: Session) -> str:
    """Empty in a database of a portal that had no chain yet."""
    if _one(opened, "SELECT to_regclass('public.core_auditlink')") == (None,):
        return ""
    newest = opened.execute("SELECT id, encode(digest, 'hex') FROM public.core_auditlink ORDER BY id DESC LIMIT 1")
    return "".join(f"{position}:{digest}" for position, digest in newest)


def owners(opened: Session) -> list[str]:
    query = """
    SELECT DISTINCT pg_get_userbyid(relowner)::text FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S', 'v') ORDER BY 1
    """
    return [name for (name,) in opened.execute(query)]


def tables(opened: Session) -> dict[str, Table]:
    """Rows and checksum of each table of the schema `public`, by name."""
    opened.execute(SESSION)
    found = opened.execute(TABLES).fetchall()
    return {name: _count(opened, schema, name, columns) for schema, name, columns in found}


def _count(opened: Session, schema: str, name: str, columns: list[str]) -> Table:
    query = sql.SQL(COUNT).format(
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)), table=sql.Identifier(schema, name)
    )
    rows, checksum = _one(opened, query)
    return Table(rows, checksum)


def _one(opened: Session, query: Any) -> tuple[Any, ...]:
    row = opened.execute(query).fetchone()
    assert row is not None
    return row
