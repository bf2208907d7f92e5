"""Writing the good rows of a ledger of floating members: registrations begun, changed and ended."""

from collections.abc import Callable

from django.db import IntegrityError

from members.imports.floating_people import Direction, Meant
from members.models import Affiliation, Guest, Member, Standing
from orgs.enums import AffiliationKind, StandingKind
from orgs.importing.batching import in_chunks
from orgs.importing.rows import RosterRow, Scope, Step
from orgs.sortkey import person_sort_key


def write(rows: list[RosterRow], scope: Scope, writer) -> None:
    """Write new and changed rows; IntegrityError when a record was changed since it was compared."""
    new = [row.target for row in rows if row.step == Step.NEW]
    changed = [row.target for row in rows if row.step == Step.CHANGED]
    writer.insert(Standing, [_standing(each) for each in new if each.direction == Direction.OUT])
    _receive([each for each in new if each.direction == Direction.IN], writer)
    out = [each for each in changed if each.direction == Direction.OUT]
    stays = [each for each in changed if each.direction == Direction.IN]
    _change(Standing, out, lambda each: each.standing, lambda each: each.values | each.dates, writer, contact=True)
    _change(Guest, stays, lambda each: each.stay.guest, lambda each: each.values, writer, contact=True)
    _change(Affiliation, stays, lambda each: each.stay.affiliation, lambda each: each.dates, writer)
    _change(Member, stays, lambda each: each.stay.member, lambda each: each.personal, writer)


def _standing(each: Meant) -> Standing:
    made = Standing(member_id=each.person.member, kind=StandingKind.FLOATING, **each.values, **each.dates)
    made.set_contact(each.contact or "")
    return made


def _receive(guests: list[Meant], writer) -> None:
    """People who are on no books, then the stays, then what is known of them."""
    strangers = [each for each in guests if each.known is None]
    people = [_person(each) for each in strangers]
    writer.insert(Member, people)
    keys = {each: member.pk for each, member in zip(strangers, people, strict=True)}
    stays = [
        Affiliation(
            member_id=keys.get(each, each.known),
            organization_id=each.place.pk,
            kind=AffiliationKind.INCOMING,
            **each.dates,
        )
        for each in guests
    ]
    writer.insert(Affiliation, stays)
    made = []
    for each, stay in zip(guests, stays, strict=True):
        guest = Guest(affiliation_id=stay.pk, **each.values)
        guest.set_contact(each.contact or "")
        made.append(guest)
    writer.insert(Guest, made)


def _person(each: Meant) -> Member:
    member = Member(**each.personal, sort_key=person_sort_key(each.personal["name"]))
    member.set_id_number(each.row.get("id_number", ""))
    return member


def _change(
    model, changed: list[Meant], record_of: Callable, values_of: Callable, writer, *, contact: bool = False
) -> None:
    """Write what differs of one table, each record held and as it was when it was compared."""
    targets = {
        record_of(each).pk: each for each in changed if values_of(each) or (contact and each.contact is not None)
    }
    changes = []
    for part in in_chunks(targets):
        for record in model.objects.select_for_update().filter(pk__in=part).order_by("pk"):
            each = targets.pop(record.pk)
            if record.version != record_of(each).version:
                raise IntegrityError("a record was changed meanwhile")
            changes.append((record, _values(record, values_of(each), each.contact if contact else None)))
    if targets:
        raise IntegrityError("a record was voided meanwhile")
    writer.update(model, changes)


def _values(record, stated: dict, contact: str | None) -> dict:
    """The columns to write, sealed ones sealed; the record itself stays as it was read."""
    values = dict(stated)
    if contact is not None:
        values["contact_sealed"] = _sealed(record, record.set_contact, contact, "contact_sealed")["contact_sealed"]
    if "id_number" in values:
        columns = ("id_number_sealed", "id_number_index")
        values |= _sealed(record, record.set_id_number, values.pop("id_number"), *columns)
    return values


def _sealed(record, seal: Callable[[str], None], value: str, *columns: str) -> dict:
    before = {name: getattr(record, name) for name in columns}
    seal(value)
    after = {name: getattr(record, name) for name in columns}
    for name, old in before.items():
        setattr(record, name, old)
    return after
