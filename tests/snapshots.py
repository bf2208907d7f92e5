"""The whole content of the books, to compare before and after."""

from django.apps import apps
from django.db import connection

OURS = ("orgs", "members", "elections")
# What only ever grows: the log, and the notes of what was done.
LOGS = {"orgs.auditevent", "orgs.operation", "orgs.operationeffect"}


def books(*, versions: bool = False, without: frozenset[str] = frozenset()) -> dict[str, list[dict]]:
    """{table: rows as {column: value}} of every table of ours but the logs; versions count on and are left out.

    `without` are further tables that are left out.
    """
    models = [
        model
        for model in apps.get_models()
        if model._meta.app_label in OURS and model._meta.label_lower not in LOGS | without
    ]
    filled = _filled([model._meta.db_table for model in models])
    found = {}
    for model in models:
        names = [field.attname for field in model._meta.concrete_fields if versions or field.attname != "version"]
        rows = model._base_manager.order_by("pk").values(*names) if model._meta.db_table in filled else ()
        found[model._meta.label_lower] = list(rows)
    return found


def _filled(tables: list[str]) -> set[str]:
    """Those tables that have a row, told by one statement: most of them have none in any one test."""
    asked = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {connection.ops.quote_name(table)})" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return {table for (table,) in cursor.fetchall()}
