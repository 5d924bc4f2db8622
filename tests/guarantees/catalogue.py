"""What the database enforces by name, read from its own catalogue, and how each is dropped."""

from tortoise.connection import get_connection

ENFORCED = """
SELECT conname AS name, conrelid::regclass::text AS "table",
       format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS dropped
FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'x')
UNION ALL
SELECT tgname, tgrelid::regclass::text, format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass)
FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT indexrelid::regclass::text, indrelid::regclass::text,
       format('DROP INDEX %s', indexrelid::regclass)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE indisunique AND c.relnamespace = 'public'::regnamespace
AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)
"""
"""Checks, exclusions, triggers and unique indexes that were written by hand."""


async def enforced() -> dict[str, str]:
    """The statement that drops each, by its name."""
    rows = await get_connection("default").execute_query_dict(ENFORCED)
    return {row["name"]: row["dropped"] for row in rows}
