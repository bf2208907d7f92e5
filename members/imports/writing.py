"""Writing the good rows of a member roster in bulk: people, affiliations, standings, confirmations."""

from datetime import date

from django.db import IntegrityError

from members.imports.books import Books, Found
from members.models import Affiliation, Member, RosterConfirmation, Standing
from orgs.enums import StandingKind
from orgs.importing.batching import CHUNK, in_chunks
from orgs.importing.rows import RosterRow, Scope, Step
from orgs.sortkey import person_sort_key


def write(rows: list[RosterRow], books: Books, complete: set[int], scope: Scope, writer) -> None:
    """Write new and changed rows; `complete` are the organizations whose roster has no row held back.

    IntegrityError when a person was changed by somebody else since they were compared: the caller starts anew.
    """
    keys: dict[RosterRow, int] = {}
    new = [row for row in rows if row.step == Step.NEW]
    for start in range(0, len(new), CHUNK):
        _add(new[start : start + CHUNK], keys, books, scope, writer)
    changed = [row for row in rows if row.step == Step.CHANGED]
    keys |= {row: row.target.person.pk for row in changed}
    _update_members(changed, writer)
    back = [row for row in changed if row.target.joins]
    writer.insert(Affiliation, [_affiliation(row, keys[row], books, scope) for row in back])
    _write_standings([*new, *changed], keys, books, scope, writer)
    writer.insert(
        RosterConfirmation,
        [
            RosterConfirmation(organization_id=organization, on=scope.on, batch=writer.batch)
            for organization in sorted(complete - books.confirmed_today)
        ],
    )


def _add(rows: list[RosterRow], keys: dict[RosterRow, int], books: Books, scope: Scope, writer) -> None:
    """New people with their affiliation; a part of the rows at a time, so that memory does not grow with the roster."""
    made = [_new_member(row) for row in rows]
    writer.insert(Member, made, final=True)
    keys |= {row: member.pk for row, member in zip(rows, made, strict=True)}
    writer.insert(Affiliation, [_affiliation(row, keys[row], books, scope) for row in rows], final=True)


def _new_member(row: RosterRow) -> Member:
    values = {**row.target.values}
    phone = values.pop("phone", "")
    member = Member(**values, sort_key=person_sort_key(values["name"]))
    member.set_id_number(row.values["id_number"])
    member.set_phone(phone)
    return member


def _update_members(changed: list[RosterRow], writer) -> None:
    targets: dict[int, Found] = {row.target.person.pk: row.target for row in changed if row.target.values}
    changes = []
    for part in in_chunks(targets):
        for member in Member.objects.select_for_update().filter(pk__in=part).order_by("pk"):
            found = targets.pop(member.pk)
            if member.version != found.person.version:
                raise IntegrityError("a member was changed meanwhile")
            values = {**found.values}
            if "phone" in values:
                values["phone_sealed"] = _sealed_phone(member, values.pop("phone"))
            if "name" in values:
                values["sort_key"] = person_sort_key(values["name"])
            changes.append((member, values))
    if targets:
        raise IntegrityError("a member was voided meanwhile")
    writer.update(Member, changes)


def _sealed_phone(member: Member, phone: str) -> str:
    before = member.phone_sealed
    member.set_phone(phone)
    sealed, member.phone_sealed = member.phone_sealed, before
    return sealed


def _affiliation(row: RosterRow, member: int, books: Books, scope: Scope) -> Affiliation:
    """Before records in an organization's first roster; later from the day stated, else the roster's."""
    stated = row.get("joined_branch_on")
    since: date | None = stated.day if stated else scope.on
    if row.target.organization not in books.confirmed:
        since = None
    return Affiliation(member_id=member, organization_id=row.target.organization, since=since)


def _write_standings(rows: list[RosterRow], keys: dict, books: Books, scope: Scope, writer) -> None:
    begin, ended = [], {}
    for row in rows:
        found = row.target
        away = books.away.get(keys[row])
        if found.floats and away is None:
            begin.append(_standing(row, keys[row], books, scope))
        elif found.floats is not None:
            ended[away.pk] = (
                {"until": scope.on} if found.floats is False else {"destination": row.values["floating_to"]}
            )
    writer.insert(Standing, begin)
    changes = []
    for part in in_chunks(ended):
        for standing in Standing.objects.select_for_update().filter(pk__in=part).order_by("pk"):
            changes.append((standing, ended[standing.pk]))
    # Ends and new destinations apart: all columns named anywhere are written for each row.
    writer.update(Standing, changes)


def _standing(row: RosterRow, member: int, books: Books, scope: Scope) -> Standing:
    stated = row.get("out_on")
    first = row.target.organization not in books.confirmed
    since = stated.day if stated else None if first else scope.on
    return Standing(member_id=member, kind=StandingKind.FLOATING, since=since, destination=row.get("floating_to", ""))
