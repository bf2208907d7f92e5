"""云岭区 as pure data: tree, people and courses put together for a day."""

from datetime import date
from random import Random

from elections.demo import dealing, duplicates, structure
from elections.demo.people import Numbers, people_of
from elections.demo.plan import District, PlannedOrganization
from elections.demo.structure import SEED
from orgs.enums import Kind, MemberKind, Title

# Branches whose member roster or declared number is missing or wrong, of every so many.
WITHOUT_ROSTER = 15
UNKNOWN = 3
DIFFERING = 8
UNDECLARED = 6


def build(today: date) -> District:
    """The district on `today`: the same tree and people every time, their days counted from `today`."""
    root = structure.build()
    dealing.deal(root, today)
    numbers = Numbers()
    for org in root.subtree():
        org.people = people_of(org, today, numbers)
    duplicates.enter_twice(root)
    for org in reversed(root.subtree()):  # a 总支 takes its secretary from the branches under it
        _contact(org, numbers)
    _declare(root)
    return District(today, root)


def _contact(org: PlannedOrganization, numbers: Numbers) -> None:
    rng = Random(f"{SEED} contact {org.code}")
    org.secretary = next((person.name for person in org.people if person.post == Title.SECRETARY), "")
    if not org.people and org.has_term:  # that of a 党工委 is appointed and on no roster of ours
        org.secretary = next((child.secretary for child in org.children if child.secretary and child.people), "")
    if org.is_merged:
        return
    org.contact_name = org.secretary or next((child.contact_name for child in org.children), "")
    org.contact_phone = numbers.phone(rng) if org.contact_name else ""


def _declare(root: PlannedOrganization) -> None:
    """Declared numbers of the branches, and what is wrong with some of the rosters."""
    branches = [org for org in root.subtree() if org.kind == Kind.BRANCH and org.people]
    for org in branches:
        org.declared_full = sum(person.kind == MemberKind.FULL for person in org.people)
        org.declared_probationary = len(org.people) - org.declared_full
    ordinary = [org for org in branches if org.name != dealing.HOME_BRANCH and org.size < 40]
    rng = Random(f"{SEED} rosters")
    chosen = rng.sample(ordinary, WITHOUT_ROSTER + UNKNOWN + DIFFERING + UNDECLARED)
    for place, org in enumerate(chosen):
        if place < WITHOUT_ROSTER + UNKNOWN:
            org.people = ()
        if WITHOUT_ROSTER <= place < WITHOUT_ROSTER + UNKNOWN:
            org.declared_full = org.declared_probationary = None
        elif WITHOUT_ROSTER + UNKNOWN <= place < WITHOUT_ROSTER + UNKNOWN + DIFFERING:
            org.declared_full += rng.choice((1, 2, 3))
        elif place >= WITHOUT_ROSTER + UNKNOWN + DIFFERING:
            org.declared_full = org.declared_probationary = None
