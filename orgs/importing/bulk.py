"""Many rows at once: COPY on PostgreSQL, multi-row INSERT elsewhere; changes as INSERT … ON CONFLICT (id) DO UPDATE."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import repeat

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction

from orgs.importing.plainrows import BETWEEN, Shape, copied, text_of

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


def insert_plain(
    shape: Shape, columns: Sequence[Sequence], *, at: datetime, keys: Sequence[int] | None = None
) -> list[str]:
    """Add new rows given by the values of the shape's columns, and return each as `plainrows.joined`.

    `keys` as `draw_keys` gave them, where something will point at the rows; else the database numbers them. `at` is
    the time of adding, where the table keeps one.
    """
    database = connections[DEFAULT_DB_ALIAS]
    texts = shape.joined(columns)
    names = {field.attname: field for field in shape.model._meta.concrete_fields}
    routine = {name: value for name, value in (("version", 1), ("created_at", at)) if name in names}
    firsts = [*(["id"] if keys is not None else []), *routine]
    fields = [*(names[name] for name in firsts), *shape.fields]
    target = _named(database, shape.model, [field.column for field in fields])
    if database.vendor == "postgresql":
        fixed = "".join(f"{text_of(value)}{BETWEEN}" for value in routine.values())
        if keys is not None:
            rows = [f"{key}{BETWEEN}{fixed}{text}" for key, text in zip(keys, texts, strict=True)]
        else:
            rows = [fixed + text for text in texts] if fixed else texts
        with database.cursor() as cursor, database.wrap_database_errors:
            with cursor.copy(f"COPY {target} FROM STDIN") as copy:
                copy.write(copied(rows))
        return texts
    first = tuple(routine.values())
    begins = ((key, *first) for key in keys) if keys is not None else repeat(first, len(texts))
    values = (
        [field.get_db_prep_save(value, database) for field, value in zip(fields, (*begin, *row), strict=True)]
        for begin, row in zip(begins, shape.whole(columns), strict=True)
    )
    places = ", ".join(["%s"] * len(fields))
    with database.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {target} VALUES ({places})", values)
    return texts


def draw_keys(model: type[models.Model], count: int) -> list[int]:
    """The keys of `count` rows that are about to be added in this transaction."""
    database = connections[DEFAULT_DB_ALIAS]
    table, column = model._meta.db_table, model._meta.pk.column
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, column, count]
            )
            return [key for (key,) in cursor.fetchall()]
        # Whoever is in a transaction here is the only writer.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
    last = found[0] if found else 0
    return list(range(last + 1, last + 1 + count))


def _named(database, model: type[models.Model], columns: Iterable[str]) -> str:
    quote = database.ops.quote_name
    return f"{quote(model._meta.db_table)} ({', '.join(quote(column) for column in columns)})"


def overwrite(model: type[models.Model], records: Sequence[models.Model], fields: Iterable[str]) -> None:
    """Write `fields` of rows that exist, found by their key; the caller has locked and read them.

    UPDATE with CASE/WHEN, as `bulk_update` does it, grows with the square of the rows; this does not.
    """
    if records:
        model._base_manager.bulk_create(
            records, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=list(fields)
        )


def set_columns(
    key: models.Field, keys: Sequence, fields: Sequence[models.Field], columns: Sequence[Sequence], *, counted: bool
) -> None:
    """Write some columns of rows that exist and were locked, found by a unique field; nothing of them has to be read.

    `columns` are the values of `fields`, as many of each as there are `keys`. With `counted` the version goes on.
    """
    if not keys or not (fields or counted):
        return
    database = connections[DEFAULT_DB_ALIAS]
    quote = database.ops.quote_name
    table, places = quote(key.model._meta.db_table), [quote(f"given_{number}") for number in range(len(fields) + 1)]
    values = [
        [field.get_db_prep_save(value, database) for value in column]
        for field, column in zip((key, *fields), (keys, *columns), strict=True)
    ]
    is_postgresql = database.vendor == "postgresql"
    settings = [
        f"{quote(field.column)} = {place if is_postgresql else '%s'}"
        for field, place in zip(fields, places[1:], strict=True)
    ]
    if counted:
        settings.append(f"version = {table}.version + 1")
    change = f"UPDATE {table} SET {', '.join(settings)}"
    with database.cursor() as cursor:
        if is_postgresql:
            arrays = ", ".join(f"%s::{field.db_type(database)}[]" for field in (key, *fields))
            given = f"unnest({arrays}) AS given ({', '.join(places)})"
            cursor.execute(f"{change} FROM {given} WHERE {table}.{quote(key.column)} = {places[0]}", values)
        else:
            rows = zip(*values[1:], values[0], strict=True)
            cursor.executemany(f"{change} WHERE {quote(key.column)} = %s", rows)


def refresh_statistics(labels: Iterable[str]) -> None:
    """Let PostgreSQL look anew at the tables of the models `labels` (app.model) after many rows came in.

    Its own worker does so within minutes, and thoroughly; until then the first pages after a large import would be
    planned for empty tables and could run into the time limit. For that a look at few rows is enough.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if database.vendor != "postgresql":
        return
    for label in sorted(labels):
        with transaction.atomic(), database.cursor() as cursor:
            cursor.execute("SET LOCAL default_statistics_target = 10")
            cursor.execute(f"ANALYZE {database.ops.quote_name(apps.get_model(label)._meta.db_table)}")


def _copy(database, model: type[models.Model], records: Sequence[models.Model]) -> None:
    """COPY with keys drawn beforehand, since COPY returns none. No query may run while it is open."""
    fields = model._meta.concrete_fields
    target = _named(database, model, [field.column for field in fields])
    for record, key in zip(records, draw_keys(model, len(records)), strict=True):
        record.pk = key
    prepared = [_values(database, field, records) for field in fields]
    with database.cursor() as cursor:
        with database.wrap_database_errors, cursor.copy(f"COPY {target} FROM STDIN") as copy:
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
