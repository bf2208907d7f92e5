"""Districts of 2,000 organizations each, all alike, so that one can be measured alone and among many."""

import datetime
import random

from elections.models import Post, Term
from elections.services.terms import derive, plan_term
from members.models import DeclaredCount
from orgs import paths, sortkey
from orgs.enums import Kind, Role, Title, UnitType
from orgs.models import Grant, Organization, User

PER_DISTRICT = 2000
PER_STREET = 100
SEED = 20261121
UNIT_TYPES = (UnitType.COMMUNITY, UnitType.VILLAGE, UnitType.PRIVATE, UnitType.AGENCY, UnitType.SCHOOL)
BATCH = 2000


def build(districts: int, on: datetime.date) -> tuple[Organization, User]:
    """Write a province with `districts` districts and return the first district and an officer of it."""
    province = Organization(name="虚构省委", code="P", kind=Kind.LOCAL_COMMITTEE, path=paths.segment(0))
    province.sort_key = sortkey.sort_key(province.name)
    province.save()
    first = None
    for number in range(districts):
        district = _district(province, number, on)
        first = first or district
    officer = User.objects.create(username="benchmark", name="测速员", organization=first, is_staff=True)
    Grant.objects.create(user=officer, organization=first, role=Role.OPERATOR, since=on)
    return first, officer


def _district(province: Organization, number: int, on: datetime.date) -> Organization:
    district = _made(province, number, f"虚构{number}区委", f"D{number}", Kind.LOCAL_COMMITTEE, "")
    district.save()
    streets = [
        _made(district, place, f"虚构{place}街道党工委", f"D{number}-{place}", Kind.WORKING_COMMITTEE, "")
        for place in range(PER_DISTRICT // PER_STREET)
    ]
    Organization.objects.bulk_create(streets)
    # The same seed for every district: only codes and places differ.
    chance = random.Random(SEED)
    branches = [
        _made(
            street,
            place,
            f"虚构{place}党支部",
            f"{street.code}-{place}",
            Kind.BRANCH,
            chance.choice(UNIT_TYPES),
        )
        for street in streets
        for place in range(PER_STREET - 1)
    ]
    Organization.objects.bulk_create(branches, batch_size=BATCH)
    _books(branches, chance, on)
    return district


def _books(branches: list[Organization], chance: random.Random, on: datetime.date) -> None:
    terms = []
    for branch in branches:
        elected_on = on - datetime.timedelta(days=chance.randrange(1, 1500))
        plan = plan_term(kind=Kind.BRANCH, unit_type=UnitType(branch.unit_type), elected_on=elected_on)
        terms.append(
            Term(
                organization=branch,
                elected_on=elected_on,
                years=plan.years,
                years_basis=plan.years_basis,
                expires_on=plan.expires_on,
                kind_at_election=branch.kind,
                unit_type_at_election=branch.unit_type,
            )
        )
    derive(terms=terms, extensions=[], converted_on={})
    Term.objects.bulk_create(terms, batch_size=BATCH)
    Post.objects.bulk_create(
        (Post(organization=branch, title=Title.SECRETARY, holder_name="王建国", since=on) for branch in branches),
        batch_size=BATCH,
    )
    DeclaredCount.objects.bulk_create(
        (DeclaredCount(organization=branch, on=on, full=chance.randrange(3, 60)) for branch in branches),
        batch_size=BATCH,
    )


def _made(parent: Organization, place: int, name: str, code: str, kind: Kind, unit_type: str) -> Organization:
    return Organization(
        parent=parent,
        name=name,
        code=code,
        kind=kind,
        unit_type=unit_type,
        sort_key=sortkey.sort_key(name),
        path=parent.path + paths.segment(place),
    )
