"""What a step wrote, as queries: the database joins notes and rows, so that no long list of keys goes through Python.

A `source` is whatever has `effects` (rows of a subclass of Effect) and `organization_id`: a batch, an operation.
"""

from array import array
from collections.abc import Iterable, Iterator

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet

from orgs.effects.columns import all_columns, label_of
from orgs.models import Organization
from orgs.models.effects import Effect

CHUNK = 2000
NEW = {"before__isnull": True, "after__isnull": False}
CHANGED = {"before__isnull": False, "after__isnull": False}
REMOVED = {"after__isnull": True}


def tables(source) -> list[type[models.Model]]:
    """The tables a source wrote, in the order of their first rows."""
    firsts = source.effects.order_by().values("table").annotate(first=models.Min("id")).order_by("first")
    return [apps.get_model(entry["table"]) for entry in firsts]


def notes(source, model: type[models.Model], **condition) -> QuerySet[Effect]:
    """The effects of a source on one table (NEW, CHANGED or REMOVED rows, if it is said which), in id order."""
    return source.effects.filter(table=label_of(model), **condition).order_by("id")


def rows(source, model: type[models.Model], **condition) -> Iterator[QuerySet]:
    """The rows, as they stand now, of the source's effects on one table: their union is all of them.

    One query; of a table without uids, whose notes no database can take apart, some thousand rows in each.
    """
    found = notes(source, model, **condition)
    if has_uid(model):
        yield model._base_manager.filter(uid__in=found.values("target_uid"))
        return
    for part in parts(list(found.values_list("target_uid", flat=True))):
        yield model._base_manager.filter(pk__in=[uid.int for uid in part])


def keys(source, model: type[models.Model], **condition) -> array:
    """The keys of these rows in ascending order; eight bytes each, since a batch may have added a million rows."""
    found = array("q")
    for queryset in rows(source, model, **condition):
        found.extend(queryset.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=CHUNK))
    return array("q", sorted(found))


def written_again(source, model: type[models.Model]) -> array:
    """The keys of notes whose row is gone, or may have been changed since: all of a table without versions."""
    written = notes(source, model, after__isnull=False)
    if has_uid(model) and "version" in all_columns(model):
        as_left = model._base_manager.filter(uid=OuterRef("target_uid"), version=OuterRef("version_after"))
        written = written.filter(~Exists(as_left))
    return array("q", written.values_list("id", flat=True).iterator(chunk_size=CHUNK))


def beside(source, model: type[models.Model], found: Iterable[int]) -> Iterator[tuple[Effect, models.Model | None]]:
    """The notes with these keys on one table, each with its row as it stands now; None where it is gone."""
    by_uid = has_uid(model)
    for part in parts(list(found)):
        effects = list(notes(source, model, id__in=part))
        wanted = [effect.target_uid if by_uid else effect.target_uid.int for effect in effects]
        there = model._base_manager.filter(**{"uid__in" if by_uid else "pk__in": wanted})
        present = {row.uid if by_uid else row.pk: row for row in there}
        yield from ((effect, present.get(key)) for effect, key in zip(effects, wanted, strict=True))


def organizations_of(source) -> list[int]:
    """The keys of the organizations whose rows `source` wrote, and of its own, in ascending order."""
    found: set[int] = {source.organization_id}
    for model in tables(source):
        lookup = _organization_lookup(model)
        if lookup is None:
            continue
        for queryset in rows(source, model):
            found.update(queryset.order_by().values_list(lookup, flat=True).distinct())
        if "organization_id" in all_columns(model):
            found.update(effect.before["organization_id"] for effect in notes(source, model, **REMOVED))
    return sorted(found - {None})


def has_uid(model: type[models.Model]) -> bool:
    """Whether the rows of a table are noted under a uid of their own."""
    return hasattr(model, "uid")


def parts(found: list) -> Iterator[list]:
    """A long list, some thousand at a time."""
    for start in range(0, len(found), CHUNK):
        yield found[start : start + CHUNK]


def _organization_lookup(model: type[models.Model]) -> str | None:
    """What leads from a row to the key of its organization; None where none does (people)."""
    if model is Organization:
        return "pk"
    if "organization_id" in all_columns(model):
        return "organization_id"
    scope = getattr(model._default_manager.all(), "scope_field", "").removesuffix("__path")
    return scope if scope and f"{scope.split('__')[0]}_id" in all_columns(model) else None
