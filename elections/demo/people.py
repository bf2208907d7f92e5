"""Invented members: names, numbers, days and posts of one branch."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from elections.demo import names
from elections.demo.plan import Person, PlannedOrganization
from elections.demo.structure import SEED
from elections.rules.dated import add_years
from members import idcard
from orgs.enums import MemberKind, Precision, Sex, StandingKind, Title, UnitType

# No place in China has these area codes.
AREA_CODES = tuple(f"1199{number:02d}" for number in range(1, 14))
COMMITTEE_FROM = 7
YOUNGEST_TO_JOIN = 18
AGES = {
    UnitType.COMMUNITY: (30, 88),
    UnitType.VILLAGE: (24, 84),
    UnitType.PRIVATE: (23, 54),
    UnitType.SOCIAL: (25, 60),
}
WORKING_AGES = (24, 61)
COMMITTEE_POSTS = (Title.SECRETARY, Title.ORGANIZATION, Title.PUBLICITY, Title.DISCIPLINE)


class Numbers:
    """Hands out ID numbers and phones, none of them twice."""

    def __init__(self):
        self._ids: set[str] = set()
        self._phones: set[str] = set()

    def id_number(self, birth: date, sex: Sex, rng: Random) -> str:
        """An 18-character number with an invented area code and the check digit of GB 11643-1999."""
        while True:
            order = rng.randrange(1 if sex == Sex.MALE else 0, 1000, 2)
            digits = f"{rng.choice(AREA_CODES)}{birth:%Y%m%d}{order:03d}"
            if digits not in self._ids:
                self._ids.add(digits)
                return digits + idcard.check_character(digits)

    def phone(self, rng: Random) -> str:
        """A mobile number of the range 154, which nobody holds."""
        while True:
            number = f"154{rng.randrange(10**8):08d}"
            if number not in self._phones:
                self._phones.add(number)
                return number


def people_of(org: PlannedOrganization, today: date, numbers: Numbers) -> tuple[Person, ...]:
    """The members of a branch, the holders of posts among them."""
    rng = Random(f"{SEED} people {org.code}")
    people = [_person(org, today, numbers, rng) for _ in range(org.size)]
    course = org.course
    since = course.current.elected_on if course.current else course.founded_on
    return tuple(_with_standing(person, today, rng) for person in _with_posts(people, since, rng))


def _person(org: PlannedOrganization, today: date, numbers: Numbers, rng: Random) -> Person:
    sex = Sex.MALE if rng.random() < 0.62 else Sex.FEMALE
    probationary = rng.random() < 0.035
    youngest, oldest = AGES.get(org.unit_type, WORKING_AGES)
    birth = today - timedelta(days=int(365.25 * rng.triangular(youngest, 40 if probationary else oldest)))
    if probationary:
        joined, formal = today - timedelta(days=rng.randint(20, 330)), None
    else:
        joined = _joined(birth, today, rng)
        formal = add_years(joined, 1)
    precision = Precision.MONTH if formal and rng.random() < 0.02 else Precision.DAY
    if precision == Precision.MONTH:
        joined, formal = joined.replace(day=1), formal.replace(day=1)
    return Person(
        name=_name(rng, sex),
        sex=sex,
        ethnicity="汉族" if rng.random() < 0.93 else rng.choice(names.MINORITIES),
        birth=birth,
        id_number=numbers.id_number(birth, sex, rng),
        education=_education(org.unit_type, today.year - birth.year, rng),
        kind=MemberKind.PROBATIONARY if probationary else MemberKind.FULL,
        joined_on=joined,
        formal_on=formal,
        phone=numbers.phone(rng),
        precision=precision,
        work_unit=_work_unit(org, today.year - birth.year, rng),
        floating=rng.random() < 0.012,
    )


def _joined(birth: date, today: date, rng: Random) -> date:
    """A day after the eighteenth birthday and more than a year ago, so that the member is a full one."""
    first = add_years(birth, YOUNGEST_TO_JOIN) + timedelta(days=30)
    last = min(add_years(birth, 45), add_years(today, -1) - timedelta(days=40))
    return first + timedelta(days=int(rng.triangular(0, (last - first).days, (last - first).days / 4)))


def _name(rng: Random, sex: Sex) -> str:
    if rng.random() < 0.0008:
        return rng.choice([name for whose, name in names.WITH_DOT if whose == sex])
    return names.person_name(rng, sex)


def _education(unit_type: UnitType | None, age: int, rng: Random) -> str:
    if unit_type in (UnitType.COMMUNITY, UnitType.VILLAGE) and age > 60:
        return rng.choice(("小学", "初中", "初中", "高中", "中专"))
    if unit_type in (UnitType.VILLAGE, UnitType.COOPERATIVE):
        return rng.choice(("初中", "高中", "高中", "中专", "大学专科"))
    return rng.choice(("高中", "中专", "大学专科", "大学专科", "大学本科", "大学本科", "大学本科", "研究生"))


def _work_unit(org: PlannedOrganization, age: int, rng: Random) -> str:
    if org.unit_type == UnitType.COMMUNITY and age >= 60:
        return "退休"
    if org.units:
        return rng.choice(org.units)
    return f"云岭{rng.choice(names.PRIVATE_FIRMS)}有限公司"


def _with_posts(people: list[Person], since: date | None, rng: Random) -> Iterator[Person]:
    """Below seven full members a secretary alone; from seven on a committee; now and then the secretary is missing.

    Whoever holds a post since the election had joined by then.
    """
    full = [place for place, person in enumerate(people) if person.kind == MemberKind.FULL]
    posts = list(COMMITTEE_POSTS if len(full) >= COMMITTEE_FROM else COMMITTEE_POSTS[:1])
    if len(full) >= 2 * COMMITTEE_FROM and rng.random() < 0.5:
        posts.append(Title.DEPUTY_SECRETARY)
    if rng.random() < 0.02:
        posts.remove(Title.SECRETARY)
    eligible = [place for place in full if since is None or people[place].joined_on <= since]
    holders = dict(zip(rng.sample(eligible, min(len(posts), len(eligible))), posts, strict=False))
    for place, person in enumerate(people):
        yield replace(person, post=holders.get(place))


def _with_standing(person: Person, today: date, rng: Random) -> Person:
    """Of a thousand full members without a post about two have no vote for the time being, or are lost."""
    if person.post or person.kind != MemberKind.FULL or rng.random() >= 0.002:
        return person
    kind = rng.choice((StandingKind.SUSPENDED, StandingKind.ON_PROBATION, StandingKind.LOST))
    since = max(today - timedelta(days=rng.randint(30, 300)), person.formal_on)
    return replace(person, standing=kind, standing_since=since)
