"""Districts of 2,000 organizations each, all alike, so that one can be measured alone and among many."""

import datetime
import random

from django.db import connection
from django.db.models import Count, Max, Min

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


def build(on: datetime.date) -> None:
    """Write a province with its first district, and an officer of that district."""
    province = Organization(name="虚构省委", code="P", kind=Kind.LOCAL_COMMITTEE, path=paths.segment(0))
    province.sort_key = sortkey.sort_key(province.name)
    province.save()
    first = _district(province, on)
    officer = User.objects.create(username="benchmark", name="测速员", organization=first, is_staff=True)
    Grant.objects.create(user=officer, organization=first, role=Role.OPERATOR, since=on)


def multiply(districts: int) -> None:
    """Add districts to the one that `build` wrote until there are so many, copied row by row by the database."""
    province = Organization.objects.get(code="P")
    first = Organization.objects.get(code=_code(0))
    made = range(1, districts)
    names = [_name(number) for number in made]
    given = [
        list(made),
        names,
        [sortkey.sort_key(name) for name in names],
        [_code(number) for number in made],
        [province.path + paths.segment(number) for number in made],
    ]
    within = len(first.path) + 1
    keys = _keys(Organization.objects.filter(paths.subtree(first.path)))
    moved = f"+ given.number * {keys}"
    is_district = f"source.id = {first.pk}"
    organization = {
        "name": f"CASE WHEN {is_district} THEN given.name ELSE source.name END",
        "sort_key": f"CASE WHEN {is_district} THEN given.sort_key ELSE source.sort_key END",
        "code": f"given.code || substr(source.code, {len(first.code) + 1})",
        "path": f"given.path || substr(source.path, {within})",
        "parent_id": f"CASE WHEN {is_district} THEN source.parent_id ELSE source.parent_id {moved} END",
    }
    _copy(Organization, given, f"source.id >= {first.pk}", keys, organization)
    for model in (Term, Post, DeclaredCount):
        _copy(model, given, "true", _keys(model.objects), {"organization_id": f"source.organization_id {moved}"})


def _keys(rows) -> int:
    """How many keys one district takes; they follow each other, so that those of the next come after them."""
    ends = rows.aggregate(first=Min("pk"), last=Max("pk"), number=Count("pk"))
    if ends["last"] - ends["first"] + 1 != ends["number"]:
        raise ValueError("the keys of a district do not follow each other")
    return ends["number"]


def _copy(model, given: list[list], condition: str, keys: int, columns: dict[str, str]) -> None:
    """The rows of the first district once more for each of the others; `columns` are those that differ, as SQL."""
    columns = {"id": f"source.id + given.number * {keys}", "uid": "gen_random_uuid()", **columns}
    table, names = model._meta.db_table, [field.column for field in model._meta.concrete_fields]
    values = ", ".join(columns.get(name, f'source."{name}"') for name in names)
    quoted = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({quoted}) SELECT {values} FROM {table} source,"
            " unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::text[])"
            " given (number, name, sort_key, code, path)"
            f" WHERE {condition} ORDER BY given.number, source.id",
            given,
        )
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")


def _name(number: int) -> str:
    return f"虚构{number}区委"


def _code(number: int) -> str:
    return f"D{number}"


def _district(province: Organization, on: datetime.date) -> Organization:
    district = _made(province, 0, _name(0), _code(0), Kind.LOCAL_COMMITTEE, "")
    district.save()
    streets = [
        _made(district, place, f"虚构{place}街道党工委", f"{district.code}-{place}", Kind.WORKING_COMMITTEE, "")
        for place in range(PER_DISTRICT // PER_STREET)
    ]
    Organization.objects.bulk_create(streets)
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
