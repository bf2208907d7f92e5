"""What the books hold about the organizations of a ledger beyond the tree: terms, declared numbers, secretaries."""

from collections import defaultdict
from datetime import date

from elections.models import Post, Term
from elections.rules.parameters import Law
from members.models import DeclaredCount
from orgs import tree
from orgs.enums import Body, Seat, Title
from orgs.importing.batching import in_chunks
from orgs.models import Organization, OrganizationChange
from orgs.models.organization import OrganizationUnit


class OrganizationBooks:
    """Organizations by key, with kind and unit type as they were on past days."""

    def __init__(self, keys: set[int], law: Law):
        # The law of the tree that the roster is for.
        self.law = law
        self.organizations: dict[int, Organization] = {}
        # Those with a 大中型企业 among their units.
        self._large: set[int] = set()
        self._changes: dict[tuple[int, str], list[tuple[date, str]]] = defaultdict(list)
        for part in in_chunks(keys):
            self.organizations.update(Organization.objects.in_bulk(part))
            large = OrganizationUnit.objects.filter(unit__is_large=True, unit__voided_at__isnull=True)
            self._large |= set(large.filter(organization__in=part).values_list("organization", flat=True))
            changes = OrganizationChange.objects.filter(organization__in=part, field__in=("kind", "unit_type"))
            # Latest first: of several later changes the earliest one says what was there before.
            rows = changes.order_by("-on", "-id").values_list("organization_id", "field", "on", "before")
            for key, name, day, before in rows:
                self._changes[key, name].append((day, before))

    def value_on(self, key: int, name: str, day: date) -> str:
        """The kind or unit type of an organization on a past day."""
        value = getattr(self.organizations[key], name)
        for changed_on, before in self._changes[key, name]:
            if changed_on > day:
                value = before
        return value

    def is_large(self, key: int) -> bool | None:
        """Whether the enterprise behind an organization is 大中型; None where nobody said so."""
        return key in self._large or None


class Books(OrganizationBooks):
    """What a ledger of organizations is compared with; a fixed number of queries for the keys on the books."""

    def __init__(self, keys: set[int], on: date, law: Law):
        super().__init__(keys, law)
        self.terms: dict[int, list[Term]] = defaultdict(list)
        self.declared: dict[int, DeclaredCount] = {}
        self.secretaries: dict[int, Post] = {}
        # {(organization, field): the first day after the roster's on which it was changed}
        self.changed_later: dict[tuple[int, str], date] = {}
        for part in in_chunks(keys):
            later = OrganizationChange.objects.filter(organization__in=part, field__in=tree.DATED_FIELDS, on__gt=on)
            for key, name, day in later.order_by("-on").values_list("organization_id", "field", "on"):
                self.changed_later[key, name] = day
            for term in Term.objects.filter(organization__in=part, body=Body.COMMITTEE).order_by("elected_on"):
                self.terms[term.organization_id].append(term)
            for count in DeclaredCount.objects.filter(organization__in=part, on__lte=on).order_by("on"):
                self.declared[count.organization_id] = count
            posts = Post.objects.filter(organization__in=part, body=Body.COMMITTEE, title=Title.SECRETARY)
            for post in posts.filter(seat=Seat.ELECTED, until__isnull=True).order_by("pk"):
                self.secretaries[post.organization_id] = post
