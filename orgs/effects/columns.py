"""Column values as effects keep them.

Days and uids are text, foreign keys the integer key, sealed columns the ciphertext they are. A table without uids
(OrganizationChange) is noted under its integer key.
"""

import datetime
import uuid
from decimal import Decimal

from django.db import models
from django.db.models.fields.files import FieldFile


def stored(value):
    """A column's value as JSON keeps it."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, uuid.UUID | Decimal | FieldFile):
        return str(value)
    return value


def stored_values(record: models.Model, names) -> dict:
    """{column attribute: value} of the fields `names` of a record, as JSON keeps them."""
    return {name: stored(getattr(record, name)) for name in names}


def all_columns(model: type[models.Model]) -> list[str]:
    """The attribute names of a model's own columns but its key."""
    return [field.attname for field in model._meta.concrete_fields if not field.primary_key]


def target_uid(record: models.Model) -> uuid.UUID:
    """The uid under which a row is noted; for a table without one its integer key in the shape of a uid."""
    return record.uid if hasattr(record, "uid") else uuid.UUID(int=record.pk)


def label_of(model: type[models.Model]) -> str:
    """The name of a table in notes: `members.member`."""
    return model._meta.label_lower


def without_blanks(values: dict) -> dict:
    """A new row's values without the empty ones, which say nothing and would double the notes."""
    return {name: value for name, value in values.items() if value not in (None, "")}


def row_of(model: type[models.Model], uid: uuid.UUID, values: dict) -> models.Model:
    """The row that `values` were noted of, unsaved, with the key it had where the table has no uid."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    row = model(**{name: fields[name].to_python(value) for name, value in values.items() if name in fields})
    if not hasattr(model, "uid"):
        row.pk = uid.int
    return row
