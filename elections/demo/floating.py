"""Who is away from, and who lives with, the branches of the clerk's street: 流动党员台账."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from elections.demo import dealing
from elections.demo.plan import Person, PlannedOrganization
from elections.demo.structure import SEED
from members import idcard
from members.imports.floating_people import Direction
from orgs.enums import Sex
from orgs.importing.dates import Dated

PLACES = ("虚构省虚构市", "虚构省临江市", "虚构自治区新桥市")
REASONS = ("务工", "经商", "随子女居住")
# Nobody of the rosters has a number of this area.
AREA = "119914"
# Name, sex, day of birth, running number, where the person belongs: all invented.
GUESTS = (
    ("贺远帆", Sex.MALE, date(1988, 4, 12), "011", "虚构省临江市虚构镇第三党支部"),
    ("白露", Sex.FEMALE, date(1993, 9, 3), "022", "虚构自治区新桥市虚构街道第一党支部"),
)


def records(street: PlannedOrganization, today: date) -> Iterator[dict]:
    """{canonical field: value} of everybody who is away, then of those who live in the branch of the branch account."""
    rng = Random(f"{SEED} floating")
    for org in street.subtree():
        for person in org.people:
            if person.floating:
                yield _out(org, person, today, rng)
    home = next(org for org in street.subtree() if org.name == dealing.HOME_BRANCH)
    for guest in GUESTS:
        yield _in(home, *guest, today, rng)


def _out(org: PlannedOrganization, person: Person, today: date, rng: Random) -> dict:
    since = max(today - timedelta(days=rng.randint(40, 300)), person.joined_on + timedelta(days=1))
    return {
        "direction": Direction.OUT,
        "org_code": org.code,
        "org_name": org.name,
        "name": person.name,
        "sex": person.sex,
        "id_number": person.id_number,
        "out_on": Dated(since),
        "destination": rng.choice(PLACES),
        "reason": rng.choice(REASONS),
        "contact": person.phone,
        "certificate": rng.random() < 0.7,
    }


def _in(
    org: PlannedOrganization, name: str, sex: Sex, birth: date, order: str, place: str, today: date, rng: Random
) -> dict:
    digits = f"{AREA}{birth:%Y%m%d}{order}"
    return {
        "direction": Direction.IN,
        "org_code": org.code,
        "org_name": org.name,
        "name": name,
        "sex": sex,
        "id_number": digits + idcard.check_character(digits),
        "out_on": Dated(today - timedelta(days=rng.randint(40, 300))),
        "reason": rng.choice(REASONS),
        "place_of_affiliation": place,
        "contact": f"154{rng.randrange(10**8):08d}",
        "certificate": True,
    }
