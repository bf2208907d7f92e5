"""Writing new people: their rows and their affiliations, by columns, for a roster may have hundreds of thousands.

The rows of a stored preview that only add a person are written straight from its columns. What was found wrong or right
with such a row in itself stays so; what the books say of it is asked anew: whether its organization still is the one
that was shown, and whether anybody has the number by now. Where anything is otherwise, or more than an addition, the
row is left to be examined like all others (members.imports.writing).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from members.imports.books import Books
from members.models import Affiliation, Member
from orgs import crypto
from orgs.enums import AffiliationKind, MemberKind, Precision
from orgs.importing.bulk import draw_keys
from orgs.importing.dates import Dated
from orgs.importing.directory import Place
from orgs.importing.parts import OpenedPart
from orgs.importing.plainrows import random_uids
from orgs.importing.recalling import Recall
from orgs.importing.rows import Scope, Step
from orgs.sortkey import person_sort_key

NEW = Step.NEW.value
# Canonical field → the columns of Member that it fills; the phone in clear.
SHOWN = {
    "name": ("name",),
    "sex": ("sex",),
    "ethnicity": ("ethnicity",),
    "birth": ("birth", "birth_precision"),
    "education": ("education",),
    "kind": ("kind",),
    "joined": ("joined_on", "joined_on_precision"),
    "formal_on": ("formal_on", "formal_on_precision"),
    "work_unit": ("work_unit",),
    "phone": ("phone",),
    "remark": ("remark",),
}
# What holds of a new person where a row states nothing.
UNSTATED = {
    "name": "",
    "sex": "",
    "ethnicity": "",
    "birth": None,
    "birth_precision": Precision.DAY.value,
    "education": "",
    "kind": MemberKind.FULL.value,
    "joined_on": None,
    "joined_on_precision": Precision.DAY.value,
    "formal_on": None,
    "formal_on_precision": Precision.DAY.value,
    "work_unit": "",
    "phone": "",
    "remark": "",
}


@dataclass
class Newcomers:
    """New people by columns: number, blind index, organization, and the day from which they belong (None: always).

    `stated` has all columns of `UNSTATED`.
    """

    numbers: Sequence[str]
    indexes: Sequence[str]
    organizations: Sequence[int]
    since: Sequence[date | None]
    stated: dict[str, Sequence] = field(default_factory=dict)


def add(people: Newcomers, writer) -> list[int]:
    """Add people with their affiliations; return their keys."""
    number = len(people.numbers)
    if not number:
        return []
    uids, stated = random_uids(number), dict(people.stated)
    phones = stated.pop("phone")
    keys = draw_keys(Member, number)
    writer.insert_plain(
        Member,
        {
            "uid": uids,
            "sort_key": [person_sort_key(name) for name in stated["name"]],
            "id_number_sealed": crypto.seal_all(people.numbers, uids, table="members_member", column="id_number"),
            "id_number_index": people.indexes,
            "phone_sealed": crypto.seal_all(phones, uids, table="members_member", column="phone"),
            **stated,
        },
        keys,
    )
    writer.insert_plain(
        Affiliation,
        {
            "uid": random_uids(number),
            "member_id": keys,
            "organization_id": people.organizations,
            "kind": [AffiliationKind.REGULAR.value] * number,
            "since": people.since,
        },
    )
    return keys


def write(part: OpenedPart, places: Sequence[Place | None], recall: Recall, books: Books, scope: Scope, writer) -> set:
    """Write the rows of a part that only add a person, and return their places in it.

    `places` has the organization of each row where nothing is to be said about it, else None.
    """
    if NEW not in part.steps:
        return set()
    numbers, floating = part.texts("id_number"), part.texts("floating")
    likely = [
        row
        for row, (step, place) in enumerate(zip(part.steps, places, strict=True))
        if step == NEW
        and place is not None
        and part.only[row] == place.pk
        and not recall.value("floating", floating[row])
    ]
    books.look_up({numbers[row] for row in likely}, {places[row].pk for row in likely})
    new = [row for row in likely if not books.is_known(numbers[row])]
    stated = {}
    for name, columns in SHOWN.items():
        stated.update(zip(columns, _columns(name, part, new, recall), strict=True))
    joined_branch = part.texts("joined_branch_on")
    people = Newcomers(
        numbers=[numbers[row] for row in new],
        indexes=[books.indexes[numbers[row]] for row in new],
        organizations=[places[row].pk for row in new],
        since=[
            since(places[row].pk, recall.value("joined_branch_on", joined_branch[row]), books, scope) for row in new
        ],
        stated=stated,
    )
    add(people, writer)
    return set(new)


def stated_value(value: object) -> tuple:
    """What the columns of a field hold of its value: one, or of a date two."""
    if type(value) is str:
        return (value,)
    return (value.day, value.precision.value) if isinstance(value, Dated) else (str(value),)


def stated_values(values: Mapping[str, object]) -> dict[str, object]:
    """{column of Member: value} of what a row states; a blank cell states nothing."""
    stated: dict[str, object] = {}
    for name, columns in SHOWN.items():
        value = values.get(name)
        if type(value) is str:
            stated[columns[0]] = value
        elif value is not None:
            stated.update(zip(columns, stated_value(value), strict=True))
    return stated


def since(organization: int, joined: Dated | None, books: Books, scope: Scope) -> date | None:
    """Before records in an organization's first roster; later from the day stated, else the roster's."""
    if organization not in books.confirmed:
        return None
    return joined.day if joined else scope.on


def _columns(name: str, part: OpenedPart, rows: list[int], recall: Recall) -> list[list]:
    """The columns that one field fills, for some rows of a part."""
    texts = part.texts(name)
    unstated = tuple(UNSTATED[column] for column in SHOWN[name])
    known = {
        text: stated_value(recall.value(name, text)) if text else unstated for text in {texts[row] for row in rows}
    }
    found = [known[texts[row]] for row in rows]
    return [[values[place] for values in found] for place in range(len(unstated))]
