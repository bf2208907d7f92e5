"""What the books hold about the people and organizations that a roster names, read in a fixed number of queries."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from members.models import Affiliation, Member, RosterConfirmation, Standing, id_number_index
from orgs import crypto
from orgs.enums import StandingKind
from orgs.importing.batching import in_chunks
from orgs.importing.rows import Missing, Scope


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

    def phone(self) -> str:
        """The phone number in clear."""
        return crypto.reveal(self.phone_sealed, table="members_member", column="phone", uid=self.uid)


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
    """People by blind index, where they belong, and what was confirmed before."""

    def __init__(self, numbers: set[str], organizations: set[int], scope: Scope):
        self._indexes = {number: id_number_index(number) for number in numbers}
        self.people: dict[str, Person] = {}
        # {member: organization} of the affiliation that is open.
        self.home: dict[int, int] = {}
        self.away: dict[int, Away] = {}
        self.visible: set[int] = set()
        self._unnamed: list[tuple] = []
        self._read_members_of(organizations)
        self._read_others(scope)
        for part in in_chunks(person.pk for person in self.people.values()):
            standings = Standing.objects.filter(member__in=part, kind=StandingKind.FLOATING, until__isnull=True)
            for member, *away in standings.values_list("member_id", *Away._fields):
                self.away[member] = Away(*away)
        confirmed = RosterConfirmation.objects.filter(organization__in=organizations)
        self.confirmed = set(confirmed.values_list("organization_id", flat=True))
        self.confirmed_today = set(confirmed.filter(on=scope.on).values_list("organization_id", flat=True))

    def _read_members_of(self, organizations: set[int]) -> None:
        """Everybody who belongs to one of the organizations: mostly these are the people of the roster."""
        wanted = set(self._indexes.values())
        columns = [f"member__{name}" for name in Person._fields]
        for part in in_chunks(organizations):
            here = Affiliation.objects.regular().filter(organization__in=part, until__isnull=True)
            rows = here.order_by("organization__sort_key", "organization_id", "member__sort_key", "member_id")
            for organization, *values in rows.values_list("organization_id", *columns).iterator(chunk_size=2000):
                person = Person(*values)
                if person.id_number_index in wanted:
                    self.people[person.id_number_index] = person
                    self.home[person.pk] = organization
                else:
                    self._unnamed.append((person.uid, person.name, organization))

    def _read_others(self, scope: Scope) -> None:
        """Who is named but belongs elsewhere or nowhere."""
        found: set[int] = set()
        for part in in_chunks(self._indexes.values() - self.people.keys()):
            for values in Member.objects.filter(id_number_index__in=part).values_list(*Person._fields):
                person = Person(*values)
                self.people[person.id_number_index] = person
                found.add(person.pk)
        for part in in_chunks(found):
            opened = Affiliation.objects.regular().filter(member__in=part, until__isnull=True)
            self.home.update(opened.values_list("member_id", "organization_id"))
        for part in in_chunks(found - self.home.keys()):
            visible = Member.objects.visible_to(scope.user).filter(pk__in=part)
            self.visible.update(visible.values_list("pk", flat=True))

    def person(self, number: str) -> Person | None:
        """The member with this ID number."""
        return self.people.get(self._indexes[number])

    def missing(self, organizations: dict[int, str]) -> list[Missing]:
        """Who belongs to one of the organizations {key: name} but is not named, in the order of the lists."""
        return [Missing(str(uid), name, organizations[organization]) for uid, name, organization in self._unnamed]
