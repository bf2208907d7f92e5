"""What the books hold about the people that a part of a roster names, read in a fixed number of queries.

Parts follow each other, so what only all of them decide is kept small: keys of people and organizations.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef

from members.duplicates import merged_numbers
from members.models import Affiliation, Member, RosterConfirmation, Standing
from members.models.people import NUMBER_PURPOSE
from members.services.leaving import Leaving
from orgs import crypto
from orgs.enums import StandingKind
from orgs.importing.batching import in_chunks
from orgs.importing.rows import Missing, Scope
from orgs.lookups import Values


class Person(NamedTuple):
    """A member on the books, with the columns that a roster can change."""

    pk: int
    uid: UUID
    version: int
    id_number_index: str
    name: str
    sex: str
    ethnicity: str
    birth: date | None
    birth_precision: str
    education: str
    kind: str
    joined_on: date | None
    joined_on_precision: str
    formal_on: date | None
    formal_on_precision: str
    work_unit: str
    remark: str
    phone_sealed: str


@dataclass(slots=True)
class Found:
    """What a row leads to: the organization, the member if there is one, and what is to be written."""

    organization: int
    person: Person | None = None
    # {column of Member: new value}; the phone in clear under "phone".
    values: dict[str, object] = field(default_factory=dict)
    joins: bool = False
    # An open standing 外出流动 begins (True), ends (False), or stays as it is (None).
    floats: bool | None = None


class Away(NamedTuple):
    """An open standing 外出流动."""

    pk: int
    since: date | None
    destination: str


class Books:
    """People by ID number, where they belong, and what was confirmed before; `look_up` turns to the next part."""

    def __init__(self, scope: Scope):
        self._scope = scope
        self._index = crypto.indexer(purpose=NUMBER_PURPOSE)
        self._reveal_phone = crypto.revealer(table="members_member", column="phone")
        # Everybody whom any row has named so far: a bit for each key, for a set of a million of them takes 90 MB.
        self._seen = bytearray()
        self._known: set[int] = set()
        self.confirmed: set[int] = set()
        self.confirmed_today: set[int] = set()
        self._clear()

    def _clear(self) -> None:
        self.indexes: dict[str, str] = {}
        self.people: dict[str, Person] = {}
        # {member: organization} of the affiliation that is open.
        self.home: dict[int, int] = {}
        self.away: dict[int, Away] = {}
        # Who belongs nowhere now and was kept in the part of the tree that the roster is for.
        self.left_here: set[int] = set()
        # Those of them who died.
        self.died: set[int] = set()
        # Blind indexes of numbers that a merge of two entries found to be a slip.
        self.slips: set[str] = set()

    def look_up(self, numbers: set[str], organizations: set[int]) -> None:
        """Read what the rows of one part need, and forget the part before."""
        self._clear()
        self.indexes = {number: self._index(number) for number in numbers}
        for part in in_chunks(self.indexes.values()):
            for values in Member.objects.filter(id_number_index__one_of=Values(part)).values_list(*Person._fields):
                person = Person(*values)
                self.people[person.id_number_index] = person
                self._see(person.pk)
        for part in in_chunks(index for index in self.indexes.values() if index not in self.people):
            self.slips |= merged_numbers(part)
        keys = [person.pk for person in self.people.values()]
        for part in in_chunks(keys):
            opened = Affiliation.objects.regular().filter(member__one_of=Values(part), until__isnull=True)
            self.home.update(opened.values_list("member_id", "organization_id"))
            standings = Standing.objects.filter(
                member__one_of=Values(part), kind=StandingKind.FLOATING, until__isnull=True
            )
            for member, *away in standings.values_list("member_id", *Away._fields):
                self.away[member] = Away(*away)
        for part in in_chunks(key for key in keys if key not in self.home):
            kept = Member.objects.kept_in((self._scope.organization.path,)).filter(pk__one_of=Values(part))
            self.left_here.update(kept.values_list("pk", flat=True))
        for part in in_chunks(self.left_here):
            deaths = Affiliation.objects.regular().filter(member__one_of=Values(part), reason=Leaving.DECEASED.label)
            self.died.update(deaths.values_list("member_id", flat=True))
        self.look_up_confirmed(organizations)

    def _see(self, member: int) -> None:
        place = member >> 3
        if place >= len(self._seen):
            self._seen.extend(bytes(place + 1))
        self._seen[place] |= 1 << (member & 7)

    def _is_seen(self, member: int) -> bool:
        place = member >> 3
        return place < len(self._seen) and bool(self._seen[place] >> (member & 7) & 1)

    def look_up_confirmed(self, organizations: set[int]) -> None:
        """Read which organizations had a roster before, and which one on the day of this one."""
        unknown = organizations - self._known
        self._known |= unknown
        for part in in_chunks(unknown):
            confirmed = RosterConfirmation.objects.filter(organization__one_of=Values(part))
            for organization, on in confirmed.values_list("organization_id", "on"):
                self.confirmed.add(organization)
                if on == self._scope.on:
                    self.confirmed_today.add(organization)

    def is_slip(self, number: str) -> bool:
        """Whether a merge of two entries found this number of the part, which nobody has, to be wrong."""
        return self.indexes[number] in self.slips

    def is_known(self, number: str) -> bool:
        """Whether anybody has this number of the part, or had it by a slip."""
        index = self.indexes[number]
        return index in self.people or index in self.slips

    def phone(self, person: Person) -> str:
        """The person's phone number in clear."""
        return self._reveal_phone(person.phone_sealed, person.uid)

    def at_home(self, organizations: Iterable[int]) -> set[tuple[int, int, int]]:
        """(member, version, organization) of those who belong to one of the organizations and are not away."""
        found = set()
        for part in in_chunks(organizations):
            away = Standing.objects.filter(member=OuterRef("member"), kind=StandingKind.FLOATING, until__isnull=True)
            opened = Affiliation.objects.regular().filter(
                ~Exists(away), organization__one_of=Values(part), until__isnull=True, member__voided_at__isnull=True
            )
            found.update(opened.order_by().values_list("member_id", "member__version", "organization_id"))
        return found

    def person(self, number: str) -> Person | None:
        """The member with this ID number, which the part names."""
        return self.people.get(self.indexes[number])

    def missing(self, organizations: Iterable[int]) -> list[Missing]:
        """Who belongs to one of the organizations but was named by no row, in the order of the lists."""
        left = []
        for part in in_chunks(organizations):
            here = Affiliation.objects.regular().filter(organization__one_of=Values(part), until__isnull=True)
            keys = here.order_by().values_list("pk", "member_id").iterator(chunk_size=2000)
            left += [key for key, member in keys if not self._is_seen(member)]
        found = []
        for part in in_chunks(left):
            rows = Affiliation.objects.filter(pk__in=part).select_related("member", "organization")
            for row in rows:
                place, member = row.organization, row.member
                order = place.sort_key, place.pk, member.sort_key, member.pk
                found.append((order, Missing(str(member.uid), member.name, place.name)))
        return [missing for _, missing in sorted(found, key=lambda each: each[0])]
