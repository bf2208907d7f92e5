"""The history of an organization's records, readable by people: services, corrections and imports in one list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models

from elections.models import (
    Appointment,
    ApprovalRight,
    AssignedApprover,
    Correction,
    Election,
    Extension,
    Leader,
    MoveRequest,
    Post,
    Scan,
    Term,
)
from members.models import DeclaredCount, RosterConfirmation
from orgs.admin.history import History, what_was_done
from orgs.models import AuditEvent, ImportEffect, Organization, TerritorialLink

# {table: what leads from its row to the organization}; voided rows stay in a history.
TABLES: dict[type[models.Model], str] = {
    Organization: "pk",
    Term: "organization",
    Extension: "term__organization",
    Appointment: "organization",
    Election: "organization",
    Post: "organization",
    DeclaredCount: "organization",
    RosterConfirmation: "organization",
    Correction: "organization",
    MoveRequest: "organization",
    Scan: "organization",
    Leader: "organization",
    ApprovalRight: "organization",
    AssignedApprover: "organization",
    TerritorialLink: "organization",
}
# Columns that every row has and that say nothing to a reader.
ROUTINE = frozenset({"uid", "version", "created_at", "path", "sort_key", "organization_id", "term_id", "batch_id"})


@dataclass(frozen=True)
class Line:
    """One thing that was done to one record: when, by whom, what, to which record, each changed field in words."""

    at: datetime
    actor: str
    what: str
    record: str
    changes: tuple[str, ...]


def record_history(organization: Organization, *, user) -> list[Line]:
    """Everything that was done to the records of an organization that `user` may see, newest first.

    Two queries more than tables, however many records and events there are.
    """
    records = {
        row.uid: row
        for model, lookup in TABLES.items()
        for row in model.everything.visible_to(user).filter(**{lookup: organization.pk}).select_related(*_named(model))
    }
    events = AuditEvent.objects.filter(target_uid__in=records).select_related("actor")
    effects = ImportEffect.objects.filter(target_uid__in=records, batch__confirmed_at__isnull=False)
    lines = [
        *_of_events(events, records, user),
        *_of_imports(effects.select_related("batch__confirmed_by"), records, user),
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _named(model: type[models.Model]) -> tuple[str, ...]:
    """What the words for a row are read from."""
    if model is Extension:
        return ("term__organization",)
    return () if model is Organization else ("organization",)


def _of_events(events: Iterable[AuditEvent], records: dict, user) -> Iterable[Line]:
    for event in events:
        record = records[event.target_uid]
        row = History(record, user=user).row(event)
        yield Line(row.at, row.actor, what_was_done(event), words_of(record), row.changes)


def _of_imports(effects: Iterable[ImportEffect], records: dict, user) -> Iterable[Line]:
    for effect in effects:
        record, batch = records[effect.target_uid], effect.batch
        history = History(record, user=user)
        names = list(effect.after or effect.before or {})
        sides = {name: [(effect.before or {}).get(name), (effect.after or {}).get(name)] for name in names}
        changes = tuple(filter(None, (history.change(name, sides[name]) for name in names if name not in ROUTINE)))
        yield Line(
            batch.confirmed_at,
            batch.confirmed_by.get_full_name(),
            f"名册导入（{batch.file_name}）",
            words_of(record),
            changes,
        )


def words_of(record: models.Model) -> str:
    """What a record is, in words."""
    title = record._meta.verbose_name
    return title if isinstance(record, Organization) else f"{title}：{_name(record)}"


def _name(record: models.Model) -> str:
    for name in ("elected_on", "ends_on", "opened_on", "on"):
        if not isinstance(record, Post) and getattr(record, name, None):
            return f"{getattr(record, name):%Y-%m-%d}"
    return record.subject if isinstance(record, Correction) else str(record)
