"""What a committee roster is compared with: the people of the scope that it names, and who sits where."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple
from uuid import UUID

from elections.imports.pending import Pending
from elections.models import Post, Term, VillagePost
from members import idcard
from members.imports.masked import STAR
from members.models import Affiliation, id_number_index
from orgs import crypto, paths
from orgs.enums import MemberKind
from orgs.importing.batching import in_chunks
from orgs.importing.directory import Directory, Place
from orgs.importing.rows import RosterRow, Scope


class Person(NamedTuple):
    """A member on the books of the scope."""

    pk: int
    uid: UUID
    name: str
    kind: str
    formal_on: date | None
    sealed: str
    index: str
    organization: int

    def is_full_on(self, day: date) -> bool:
        """As `Member.is_full_on`."""
        return self.kind == MemberKind.FULL and (self.formal_on is None or self.formal_on <= day)

    def masked(self) -> str:
        """The ID number as our own exports show it."""
        return idcard.mask(crypto.reveal(self.sealed, table="members_member", column="id_number", uid=self.uid))


COLUMNS = (
    "member_id",
    "member__uid",
    "member__name",
    "member__kind",
    "member__formal_on",
    "member__id_number_sealed",
    "member__id_number_index",
    "organization_id",
)


class People:
    """The members who belong to an organization of the scope, by ID number and by name; others do not exist here."""

    def __init__(self, rows: list[RosterRow], directory: Directory):
        self._directory = directory
        numbers = {number for row in rows if (number := row.get("id_number")) and STAR not in number}
        names = {row.get("name") for row in rows if row.get("name")}
        self._indexes = {number: id_number_index(number) for number in numbers}
        self._by_index: dict[str, Person] = {}
        self._by_name: dict[str, list[Person]] = defaultdict(list)
        opened = Affiliation.objects.regular().filter(until__isnull=True)
        for part in in_chunks(set(self._indexes.values())):
            for person in self._inside(opened.filter(member__id_number_index__in=part)):
                self._by_index[person.index] = person
        for part in in_chunks(names):
            for person in self._inside(opened.filter(member__name__in=part)):
                self._by_name[person.name].append(person)

    def _inside(self, affiliations):
        for values in affiliations.order_by("member_id").values_list(*COLUMNS):
            person = Person(*values)
            if person.organization in self._directory.places:
                yield person

    def with_number(self, number: str) -> Person | None:
        """The member with a full ID number."""
        return self._by_index.get(self._indexes[number])

    def with_mask(self, name: str, shown: str) -> list[Person]:
        """The members of a name whose number looks like this when it is masked."""
        return [person for person in self._by_name.get(name, ()) if person.masked() == shown]

    def named(self, name: str, place: Place) -> list[Person]:
        """The members of a name in the subtree of an organization."""
        places = self._directory.places
        return [
            person
            for person in self._by_name.get(name, ())
            if paths.is_within(places[person.organization].path, place.path)
        ]


class CommitteeBooks:
    """Who sits on the roster's day in the organizations that it names, and which 届 that is."""

    def __init__(self, keys: set[int], scope: Scope):
        self.posts: dict[tuple[int, str], list[Pending]] = defaultdict(list)
        self.village: dict[int, list[Pending]] = defaultdict(list)
        self.ordinals: dict[tuple[int, str], int | None] = {}
        for part in in_chunks(keys):
            for post in Post.objects.filter(organization__in=part).holding(scope.on).order_by("id"):
                self.posts[post.organization_id, post.body].append(Pending(post))
            for post in VillagePost.objects.filter(organization__in=part).holding(scope.on).order_by("id"):
                self.village[post.organization_id].append(Pending(post))
            for term in Term.objects.filter(organization__in=part).current(scope.on).order_by("elected_on"):
                self.ordinals[term.organization_id, term.body] = term.ordinal
