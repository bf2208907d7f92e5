"""What a row says otherwise than the books do of the same person, and whether one that said nothing new still does."""

from collections.abc import Sequence

from members.imports.books import Books, Found, Person
from members.imports.checks import check_against_books
from members.imports.newcomers import SHOWN, stated_value
from orgs.enums import MemberKind, Sex
from orgs.importing.dates import Dated, dated
from orgs.importing.directory import Place
from orgs.importing.parts import OpenedPart
from orgs.importing.roster import written
from orgs.importing.rows import RosterRow, Scope

LABELS = {"sex": dict(Sex.choices()), "kind": dict(MemberKind.choices())}
# Canonical field → where Person has the columns that it fills; the phone is sealed there.
PLACES = {
    name: tuple(Person._fields.index(column) for column in columns)
    for name, columns in SHOWN.items()
    if name != "phone"
}


def compare_person(row: RosterRow, found: Found, books: Books) -> None:
    """Note what the row states of the person otherwise than the books: a blank cell states nothing."""
    person, values = found.person, row.values
    for name, places in PLACES.items():
        value = values.get(name)
        if value is None:
            continue
        # Nearly all rows of a second roster say what the books say.
        if type(value) is Dated:
            if (person[places[0]], person[places[1]]) == value:
                continue
        elif person[places[0]] == value:
            continue
        stated = zip(SHOWN[name], places, stated_value(value), strict=True)
        found.values |= {column: new for column, place, new in stated if person[place] != new}
        row.changes[name] = (shown(name, [person[place] for place in places]), written(value))
    if phone := values.get("phone"):
        old = books.phone(person)
        if old != phone:
            found.values["phone"] = phone
            row.changes["phone"] = (old, phone)
    check_against_books(row, person)


def compare_standing(row: RosterRow, found: Found, books: Books, scope: Scope) -> None:
    """Note where the row says otherwise than the books whether the person is away."""
    away = books.away.get(found.person.pk)
    floating = row.get("floating")
    if floating and away is None:
        found.floats = True
        row.changes["floating"] = ("否", "是")
    elif floating is False and away is not None and (away.since is None or away.since < scope.on):
        found.floats = False
        row.changes["floating"] = ("是", "否")
    destination = row.get("floating_to", "")
    if away is not None and floating is not False and destination and destination != away.destination:
        found.floats = True
        row.changes["floating_to"] = (away.destination, destination)


def settled(part: OpenedPart, places: Sequence[Place | None], books: Books) -> list[int]:
    """The rows of a stored part that said nothing new and still say nothing new, for nobody touched the person since.

    `places` has the organization of each row where nothing is to be said about it, else None. Rows of people who are
    away are not among them.
    """
    now = books.at_home({only for held, only in zip(part.held, part.only, strict=True) if held})
    then = zip(zip(part.held, part.versions, part.only, strict=True), places, strict=True)
    return [row for row, (key, place) in enumerate(then) if key in now and place is not None and place.pk == key[2]]


def shown(name: str, old: list) -> str:
    """What the columns of a field hold on the books, as a roster would have it."""
    if len(old) == 2:
        return str(dated(*old) or "")
    return LABELS.get(name, {}).get(old[0], old[0])
