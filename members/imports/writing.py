"""Writing the good rows of one part of a member roster: people, affiliations, standings; and the confirmations."""

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError

from members.imports import newcomers
from members.imports.books import Books, Found
from members.models import Affiliation, Member, RosterConfirmation, Standing
from orgs.enums import StandingKind
from orgs.importing.batching import in_chunks
from orgs.importing.rows import RosterRow, Scope, Step
from orgs.sortkey import person_sort_key


def write(rows: list[RosterRow], books: Books, scope: Scope, writer) -> None:
    """Write new and changed rows.

    IntegrityError when a person was changed by somebody else since they were compared: the caller starts anew.
    """
    new = [row for row in rows if row.step == Step.NEW and row.is_good]
    changed = [row for row in rows if row.step == Step.CHANGED and row.is_good]
    keys = dict(zip(new, _add(new, books, scope, writer), strict=True))
    keys |= {row: row.target.person.pk for row in changed}
    _update_members(changed, writer)
    back = [row for row in changed if row.target.joins]
    writer.insert(Affiliation, [_affiliation(row, keys[row], books, scope) for row in back])
    _write_standings([row for row in (*new, *changed) if row.target.floats is not None], keys, books, scope, writer)
    # No later part touches these rows again.
    writer.store()


def confirm(organizations: Iterable[int], scope: Scope, writer) -> None:
    """Note the organizations whose roster is complete."""
    writer.insert(
        RosterConfirmation,
        [
            RosterConfirmation(organization_id=organization, on=scope.on, batch=writer.batch)
            for organization in sorted(organizations)
        ],
    )


def _add(rows: list[RosterRow], books: Books, scope: Scope, writer) -> list[int]:
    """Add new people with their affiliations; return their keys."""
    numbers = [row.values["id_number"] for row in rows]
    values = [newcomers.stated_values(row.values) for row in rows]
    people = newcomers.Newcomers(
        numbers=numbers,
        indexes=[books.indexes[number] for number in numbers],
        organizations=[row.target.organization for row in rows],
        since=[_since(row, books, scope) for row in rows],
        stated={
            name: [stated.get(name, unstated) for stated in values] for name, unstated in newcomers.UNSTATED.items()
        },
    )
    return newcomers.add(people, writer)


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
    return Affiliation(member_id=member, organization_id=row.target.organization, since=_since(row, books, scope))


def _since(row: RosterRow, books: Books, scope: Scope) -> date | None:
    return newcomers.since(row.target.organization, row.get("joined_branch_on"), books, scope)


def _write_standings(rows: list[RosterRow], keys: dict, books: Books, scope: Scope, writer) -> None:
    begin, ended = [], {}
    for row in rows:
        found = row.target
        away = books.away.get(keys[row])
        if found.floats and away is None:
            begin.append(_standing(row, keys[row], books, scope))
        else:
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
