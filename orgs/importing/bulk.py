"""Many rows at once: COPY on PostgreSQL, multi-row INSERT elsewhere; changes as INSERT … ON CONFLICT (id) DO UPDATE."""

from collections.abc import Iterable, Sequence

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models

# Rows per statement: large enough to be quick, small enough for the parameters of one statement.
BATCH = 1000


def insert(model: type[models.Model], records: Sequence[models.Model]) -> None:
    """Add new rows and set their keys. Times that a field sets by itself on adding are set; `save` is not called."""
    if not records:
        return
    database = connections[DEFAULT_DB_ALIAS]
    if database.vendor == "postgresql":
        _copy(database, model, records)
    else:
        model._base_manager.bulk_create(records, batch_size=BATCH)


def overwrite(model: type[models.Model], records: Sequence[models.Model], fields: Iterable[str]) -> None:
    """Write `fields` of rows that exist, found by their key; the caller has locked and read them.

    UPDATE with CASE/WHEN, as `bulk_update` does it, grows with the square of the rows; this does not.
    """
    if records:
        model._base_manager.bulk_create(
            records, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=list(fields)
        )


def refresh_statistics(labels: Iterable[str]) -> None:
    """Let PostgreSQL look anew at the tables of the models `labels` (app.model) after many rows came in.

    Its own worker does so within minutes; until then the first pages after a large import would be planned for
    empty tables and could run into the time limit.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if database.vendor != "postgresql":
        return
    with database.cursor() as cursor:
        for label in sorted(labels):
            cursor.execute(f"ANALYZE {database.ops.quote_name(apps.get_model(label)._meta.db_table)}")


def _copy(database, model: type[models.Model], records: Sequence[models.Model]) -> None:
    """COPY with keys drawn beforehand, since COPY returns none. No query may run while it is open."""
    fields = model._meta.concrete_fields
    table = database.ops.quote_name(model._meta.db_table)
    columns = ", ".join(database.ops.quote_name(field.column) for field in fields)
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, len(records)],
        )
        for record, (key,) in zip(records, cursor.fetchall(), strict=True):
            record.pk = key
        prepared = [_values(database, field, records) for field in fields]
        with database.wrap_database_errors, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in zip(*prepared, strict=True):
                copy.write_row(row)
    for record in records:
        record._state.adding, record._state.db = False, database.alias


def _values(database, field: models.Field, records: Sequence[models.Model]) -> list:
    """One column of all records; psycopg takes days, moments, uids and numbers as they are, JSON it must be told."""
    values = [field.pre_save(record, True) for record in records]
    if isinstance(field, models.JSONField):
        return [field.get_db_prep_save(value, database) for value in values]
    return values
