"""A random district with members, rosters, declared numbers, committees and units: what no real one has all at once."""

import random
from datetime import date, timedelta

from django.utils import timezone

from elections.models import Post, Term
from elections.rules.dated import add_months, add_years
from elections.services.terms import derive
from members.models import Affiliation, DeclaredCount, Member, RosterConfirmation, Standing
from orgs import paths
from orgs.enums import (
    AffiliationKind,
    Body,
    Form,
    Kind,
    MemberKind,
    Precision,
    Seat,
    StandingKind,
    Title,
    UnitType,
)
from orgs.models import Opening, Organization, OrganizationChange, Unit, User
from orgs.models.organization import OrganizationUnit

DAYS = (date(2024, 2, 29), date(2025, 6, 15), date(2026, 8, 31))
# Around the numbers of the law: 3, 7, 50, 100, 500.
DECLARED = (0, 1, 2, 3, 4, 6, 7, 8, 12, 49, 50, 51, 51, 60, 70, 80, 99, 99, 100, 101, 120, 499, 500, 620)
SEATS = (0, 1, 1, 2, 3, 3, 4, 5, 6, 8, 10, 12)
SEATS_OF_COMMITTEES = (2, 3, 4, 6, 9, 11, 12, 12, 13, 13, 14, 15, 16, 17, 20, 24)
FORMS = (*(Form.ORDINARY,) * 6, *(Form.JOINT,) * 5, Form.TEMPORARY, Form.MOBILE, Form.FUNCTIONAL)
# The unit types with numbers of their own, and one that has none.
UNIT_TYPES = (UnitType.AGENCY, UnitType.STATE_OWNED, UnitType.VILLAGE, UnitType.SCHOOL, "")
UNIT_TYPES_OF_COMMITTEES = (
    UnitType.AGENCY,
    UnitType.SUBDISTRICT_OFFICE,
    *(UnitType.STATE_OWNED,) * 4,
    *(UnitType.TOWNSHIP,) * 3,
    UnitType.SCHOOL,
)
PRECISIONS = (Precision.DAY, Precision.DAY, Precision.MONTH, Precision.YEAR)
# Around 1900, the days of the ledger, and 18 years before anybody joins.
BIRTHS = (date(1899, 12, 31), date(1900, 1, 1), date(1985, 2, 28), date(2004, 2, 29), *DAYS)
NAMES = ("何丽华", "吴宏伟", "周敏")


def shared_name(path: str) -> str:
    """The one name that several organizations beside each other have."""
    return f"虚构{paths.parent_of(path)}党支部"


class RandomDistrict:
    """Writes one district from a seed; half of all days lie on or beside one that matters to one of DAYS."""

    def __init__(self, user: User, *, seed: int):
        self.user = user
        self.random = random.Random(seed)
        self.voided = {"voided_at": timezone.now(), "voided_by": user, "voided_reason": "录入错误"}

    def write(self, nodes: int) -> None:
        """A district with so many 党委 and 总支 and twice as many branches, with all that is recorded of them."""
        tree = self.tree(nodes)
        electing = [each for each in tree if each.kind != Kind.LOCAL_COMMITTEE]
        self.changes(electing)
        self.terms(electing)
        self.units([each for each in tree if each.form == Form.JOINT])
        self.people(electing)
        self.numbers(electing)
        self.posts(electing)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def day(self) -> date:
        if self.chance(0.5):
            shifted = add_months(self.random.choice(DAYS), self.random.choice((0, 0, -6, -6, -12, -24, 6)))
            return shifted + timedelta(days=self.random.choice((-1, 0, 0, 1)))
        return date(2021, 1, 1) + timedelta(days=self.random.randrange(6 * 365))

    def period(self, *, begun: float = 0.5, ended: float = 0.3) -> dict[str, date | None]:
        """A half-open period, open at either end unless the chance says otherwise."""
        since = self.day() if self.chance(begun) else None
        until = self.day() if self.chance(ended) else None
        if since and until and until <= since:
            since, until = until, since + timedelta(days=1)
        return {"since": since, "until": until}

    def maybe_voided(self) -> dict:
        return self.voided if self.chance(0.04) else {}

    # ---- The tree ----

    def tree(self, nodes: int) -> list[Organization]:
        root = self.organization(None, 0, Kind.LOCAL_COMMITTEE)
        root.save()
        streets = self.insert(self.organization(root, number, Kind.WORKING_COMMITTEE) for number in range(4))
        upper = self.insert(
            self.organization(
                self.random.choice(streets), number, Kind.COMMITTEE if self.chance(0.75) else Kind.GENERAL_BRANCH
            )
            for number in range(nodes * 3 // 4)
        )
        lower = self.insert(
            self.organization(self.random.choice(upper), number, Kind.GENERAL_BRANCH)
            for number in range(nodes - len(upper))
        )
        above = (*upper, *lower, *streets)
        self.insert(Opening(organization=each, opened_on=self.day(), by=self.user) for each in streets[:1])
        branches = self.insert(
            self.organization(self.random.choice(above), 1000 + number, Kind.BRANCH) for number in range(2 * nodes)
        )
        # Recorded by mistake: below a branch stands nothing.
        strays = self.insert(
            self.organization(self.random.choice(branches), number, Kind.BRANCH) for number in range(nodes // 10)
        )
        return [root, *streets, *upper, *lower, *branches, *strays]

    def organization(self, parent: Organization | None, number: int, kind: Kind) -> Organization:
        path = (parent.path if parent else "") + paths.segment(number)
        form = self.random.choice(FORMS) if kind == Kind.BRANCH and self.chance(0.5) else Form.ORDINARY
        lasting = self.period(begun=0.1, ended=0.1) if kind in (Kind.BRANCH, Kind.GENERAL_BRANCH) else {}
        return Organization(
            parent=parent,
            path=path,
            # Now and then two of one superior share it.
            name=f"虚构{path}" if parent is None or self.chance(0.7) else shared_name(path),
            sort_key=path,
            kind=kind,
            form=form,
            unit_type=self.random.choice(UNIT_TYPES_OF_COMMITTEES if kind == Kind.COMMITTEE else UNIT_TYPES),
            holds_affiliations=self.chance(0.5),
            founded_on=lasting.get("since"),
            closed_on=lasting.get("until"),
            **(self.maybe_voided() if kind == Kind.BRANCH else {}),
        )

    def insert(self, rows) -> list:
        rows = list(rows)
        if rows:
            type(rows[0])._base_manager.bulk_create(rows, batch_size=400)
        return rows

    def changes(self, organizations: list[Organization]) -> None:
        values = {"kind": tuple(Kind), "form": tuple(Form), "unit_type": UNIT_TYPES, "name": None}
        self.insert(
            OrganizationChange(
                organization=each,
                field=field,
                on=self.day(),
                before=self.random.choice(values[field]) if values[field] else shared_name(each.path),
                by=self.user,
            )
            for each in organizations
            for field in values
            if self.chance(0.03)
        )

    # ---- Terms and units ----

    def terms(self, organizations: list[Organization]) -> None:
        rows = []
        for each in organizations:
            bodies = [Body.COMMITTEE] * self.random.choice((0, 1, 1, 2, 2))
            if each.kind == Kind.COMMITTEE and self.chance(0.3):
                bodies.append(Body.DISCIPLINE)
            days = {(body, self.day() - timedelta(days=self.random.choice((0, 400)))) for body in bodies}
            rows += [self.term(len(rows) + number, each, *which) for number, which in enumerate(sorted(days), start=1)]
        counting = [row for row in rows if row.voided_at is None]
        derive(terms=counting, extensions=[], converted_on={})
        self.insert(rows)

    def term(self, pk: int, organization: Organization, body: Body, elected_on: date) -> Term:
        return Term(
            pk=pk,
            organization=organization,
            body=body,
            elected_on=elected_on,
            years=3,
            years_basis="TERM-03",
            expires_on=add_years(elected_on, 3),
            kind_at_election=organization.kind,
            unit_type_at_election=organization.unit_type,
            **self.maybe_voided(),
        )

    def units(self, joint: list[Organization]) -> None:
        self.units_of: dict[int, list[Unit]] = {}
        for each in joint:
            self.units_of[each.pk] = [
                Unit(keeper=each, name=f"虚构{each.path}-{number}", unit_type=UnitType.PRIVATE, **self.maybe_voided())
                for number in range(self.random.choice((0, 2, 3, 4, 5, 6, 7)))
            ]
        self.insert(unit for units in self.units_of.values() for unit in units)
        self.insert(
            OrganizationUnit(organization_id=pk, unit=unit) for pk, units in self.units_of.items() for unit in units
        )

    # ---- Members and numbers ----

    def people(self, organizations: list[Organization]) -> None:
        self.members_of: dict[int, list[Member]] = {}
        for each in organizations:
            number = 0
            if each.form == Form.JOINT:
                number = self.random.choice((3, 8, 16))
            elif each.kind == Kind.BRANCH:
                number = self.random.choice((0, 0, 1, 2, 3, 3, 4, 6, 7, 8, 9))
            elif self.chance(0.2):
                number = self.random.choice((1, 3))
            self.members_of[each.pk] = [self.member() for _ in range(number)]
        self.insert(member for members in self.members_of.values() for member in members)
        affiliations = []
        for each in organizations:
            one_day = self.period()
            for member in self.members_of[each.pk]:
                affiliations += self.affiliations(member, each, one_day, organizations)
        self.insert(affiliations)
        self.insert(
            Standing(
                member=member,
                kind=self.random.choice((StandingKind.STOPPED, StandingKind.STOPPED, StandingKind.LOST)),
                **self.period(ended=0.6),
                **self.maybe_voided(),
            )
            for members in self.members_of.values()
            for member in members
            if self.chance(0.08)
        )

    def member(self) -> Member:
        formal_on = self.day() - timedelta(days=self.random.choice((0, 300, 3000))) if self.chance(0.7) else None
        return Member(
            name=self.random.choice(NAMES),
            sort_key="x",
            kind=MemberKind.PROBATIONARY if self.chance(0.06) else MemberKind.FULL,
            **self.days_before(formal_on),
            formal_on=formal_on,
            formal_on_precision=self.random.choice(PRECISIONS),
            **self.maybe_voided(),
        )

    def days_before(self, formal_on: date | None) -> dict:
        """Birth and joining, half of them on or beside the days that decide whether they can be."""
        joined_on = (formal_on or self.day()) - timedelta(days=self.random.choice((0, 365, 400)))
        birth = add_years(joined_on, -self.random.choice((30, 30, 30, 19, 18))) + timedelta(
            days=self.random.choice((-1, 0, 0, 1))
        )
        if self.chance(0.03):
            birth = self.random.choice(BIRTHS) + timedelta(days=self.random.choice((0, 1)))
        return {
            "birth": birth if self.chance(0.7) else None,
            "joined_on": joined_on if self.chance(0.8) else None,
            "joined_on_precision": self.random.choice(PRECISIONS),
        }

    def affiliations(self, member: Member, organization: Organization, usual: dict, others: list) -> list[Affiliation]:
        """One as the services write them; now and then a second one at the same time, here or elsewhere."""
        units = self.units_of.get(organization.pk)
        kind = AffiliationKind.REGULAR if self.chance(0.95) else AffiliationKind.INCOMING
        found = [
            Affiliation(
                member=member,
                organization=organization,
                unit=self.random.choice(units) if units and self.chance(0.8) else None,
                kind=kind,
                **(usual if self.chance(0.5) else self.period(begun=0.2, ended=0.1)),
                **self.maybe_voided(),
            )
        ]
        if self.chance(0.04):
            place = organization if self.chance(0.5) else self.random.choice(others)
            found.append(Affiliation(member=member, organization=place, until=date(2027, 1, 1), kind=kind))
        return found

    def numbers(self, organizations: list[Organization]) -> None:
        self.insert(
            RosterConfirmation(organization=each, on=day, **self.maybe_voided())
            for each in organizations
            if self.chance(0.6)
            for day in sorted({self.day() for _ in range(self.random.choice((1, 1, 2)))})
        )
        self.insert(
            DeclaredCount(
                organization=each,
                on=day,
                full=self.random.choice(DECLARED),
                probationary=self.random.choice((0, 0, 1)),
                **self.maybe_voided(),
            )
            for each in organizations
            if self.chance(0.8)
            for day in sorted({self.day() for _ in range(self.random.choice((1, 2, 3)))})
        )

    # ---- Posts ----

    def posts(self, organizations: list[Organization]) -> None:
        everybody = [member for members in self.members_of.values() for member in members]
        self.insert(
            self.post(each, *place, everybody)
            for each in organizations
            if self.chance(0.9)
            for place in self.places(each)
        )

    def places(self, organization: Organization) -> list[tuple[Body, Title]]:
        """(body, title) of the posts of one organization."""
        titles = list(Title)
        number = self.random.choice(SEATS if organization.kind == Kind.BRANCH else SEATS_OF_COMMITTEES)
        found = [
            (Body.COMMITTEE, titles[place] if place < 3 and self.chance(0.9) else self.random.choice(titles))
            for place in range(number)
        ]
        if self.chance(0.2):
            found.append((Body.COMMITTEE, Title.SECRETARY))
        if organization.kind == Kind.COMMITTEE and self.chance(0.6):
            found += [(Body.DISCIPLINE, Title.COMMITTEE_MEMBER)] * self.random.choice((1, 2, 2))
        return found

    def post(self, organization: Organization, body: Body, title: Title, everybody: list[Member]) -> Post:
        own = self.members_of[organization.pk]
        member = None
        if self.chance(0.6):
            member = self.random.choice(own if own and self.chance(0.7) else everybody)
        return Post(
            organization=organization,
            body=body,
            title=title,
            seat=Seat.ELECTED if self.chance(0.85) else self.random.choice(tuple(Seat)),
            member=member,
            # One name and birth is one person, in two posts too.
            joined_on=self.day() if self.chance(0.3) else None,
            holder_name=self.random.choice(NAMES) + self.random.choice("一二三四五六七八九十"),
            birth=date(1980, 1, 1) if self.chance(0.3) else None,
            **self.period(begun=0.4, ended=0.15),
            **self.maybe_voided(),
        )
