"""Which organization is in which situation: fixed numbers of the special ones, all others in term."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

from elections.demo import courses
from elections.demo.courses import Situation
from elections.demo.plan import PlannedOrganization
from elections.demo.structure import SEED
from orgs.enums import Form, Kind, UnitType

# The street whose clerk the demo signs in as: it shows every situation of daily work.
HOME = "东湖街道党工委"
# The branch of the branch account.
HOME_BRANCH = "胜利社区第一党支部"
# A street that has fallen behind.
WEAK = "南园街道党工委"

SMALL = frozenset({UnitType.PRIVATE, UnitType.SOCIAL, UnitType.COOPERATIVE})


@dataclass(frozen=True)
class Deal:
    """How many organizations of which sort get a situation; `home`: the first of them in the clerk's street."""

    situation: Situation
    count: int
    fits: Callable[[PlannedOrganization], bool] = lambda org: True
    home: bool = False
    weak: bool = False


def _is_branch(org):
    return org.kind == Kind.BRANCH


def _is_small_branch(org):
    return org.kind == Kind.BRANCH and org.unit_type in SMALL and org.form != Form.MOBILE


def _is_village_branch(org):
    return org.kind == Kind.BRANCH and org.unit_type == UnitType.VILLAGE and org.parent.kind == Kind.COMMITTEE


def _is_rural_general_branch(org):
    return org.kind == Kind.GENERAL_BRANCH and org.unit_type in (UnitType.VILLAGE, UnitType.COMMUNITY)


DEALS = (
    Deal(courses.converted, 3, _is_rural_general_branch),
    Deal(courses.founded_lately, 5, _is_small_branch, home=True),
    Deal(courses.first_election, 2, _is_small_branch),
    Deal(courses.newly_elected, 8, _is_small_branch),
    Deal(courses.forgotten, 1, _is_village_branch),
    Deal(courses.appointed, 2, _is_branch),
    Deal(courses.appointed_long_ago, 1, _is_branch),
    Deal(courses.no_data, 10, _is_branch, home=True),
    Deal(courses.overdue_started, 6, home=True, weak=True),
    Deal(courses.inspection, 6, _is_branch, weak=True),
    Deal(courses.overdue, 16, home=True, weak=True),
    Deal(courses.lapsed, 2),
    Deal(courses.pending, 2, _is_branch),
    Deal(courses.approved_too_late, 1, _is_branch),
    Deal(courses.extended, 7, home=True),
    Deal(courses.extended_late, 2),
    Deal(courses.extended_beyond_cap, 1),
    Deal(courses.in_election, 20, home=True),
    Deal(courses.in_election_in_extension, 2),
    Deal(courses.due_soon, 24, home=True),
    Deal(courses.due_soon_month_only, 3),
    Deal(courses.result_missing, 2, _is_branch, home=True),
    Deal(courses.month_only, 10, home=True),
    Deal(courses.by_election, 2, _is_branch),
)


def deal(root: PlannedOrganization, today: date) -> None:
    """Give every organization its course up to `today`."""
    chosen = situations(root)
    for org in root.subtree():
        org.course = chosen[org.code](org, today, Random(f"{SEED} course {org.code}"))
        if org.parent is not None and org.parent.course.converted_on is not None:
            _found_with_conversion(org)


def situations(root: PlannedOrganization) -> dict[str, Situation]:
    """{code: situation} of the whole tree; the same whatever the day."""
    chosen = {}
    for org in root.subtree():
        if org.is_merged:
            chosen[org.code] = courses.merged
        elif not org.has_term:
            chosen[org.code] = courses.without_term
        elif org.name == HOME_BRANCH:
            chosen[org.code] = courses.due_soon
    rng = Random(f"{SEED} situations")
    free = [org for org in root.subtree() if org.code not in chosen]
    rng.shuffle(free)
    for each in DEALS:
        dealt = Counter()
        for number in range(each.count):
            org = _pick(free, each, number, dealt)
            dealt[street_of(org).code] += 1
            free.remove(org)
            chosen[org.code] = each.situation
            if each.situation is courses.converted:
                free = [other for other in free if other.parent is not org]
                chosen.update({child.code: courses.founded_lately for child in org.children})
    return chosen | {org.code: courses.in_term for org in free}


def _pick(free, each: Deal, number: int, dealt: Counter) -> PlannedOrganization:
    """The next fitting one, of a street that has the fewest of this situation yet; now and then of a chosen street."""
    fitting = [org for org in free if each.fits(org)]
    street = HOME if each.home and number == 0 else WEAK if each.weak and number % 3 == 1 else ""
    chosen = [org for org in fitting if street_of(org).name == street]
    return min(chosen or fitting, key=lambda org: dealt[street_of(org).code])


def street_of(org: PlannedOrganization) -> PlannedOrganization:
    """The 党(工)委 directly under the district committee in whose part `org` stands; the root itself for the root."""
    while org.parent is not None and org.parent.parent is not None:
        org = org.parent
    return org


def _found_with_conversion(org: PlannedOrganization) -> None:
    """The branches under a new 总支 begin with it."""
    day = org.parent.course.converted_on
    org.course = courses.Course(org.course.expected, founded_on=day)
