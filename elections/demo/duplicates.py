"""A person of the clerk's street who stands on two rosters, under a number that a slip made: 疑似重复."""

from dataclasses import replace

from elections.demo import dealing
from elections.demo.plan import Person, PlannedOrganization
from members import idcard
from orgs.enums import MemberKind, Precision

# The first digit of the running number: neither birth nor sex follows from it.
SLIPPED = 14


def enter_twice(root: PlannedOrganization) -> None:
    """Let somebody of the clerk's street stand in place of an ordinary member of the next branch as well."""
    street = next(org for org in root.children if org.name == dealing.HOME)
    first, second = [org for org in street.subtree() if any(map(_is_ordinary, org.people))][:2]
    person = next(each for each in first.people if _is_ordinary(each))
    other = next(each for each in second.people if _is_ordinary(each) and each.sex == person.sex)
    twin = replace(person, id_number=_with_a_slip(person.id_number), phone=other.phone, work_unit=other.work_unit)
    second.people = tuple(twin if each is other else each for each in second.people)


def _is_ordinary(person: Person) -> bool:
    """A full member without a post, of whom nothing else is to be told."""
    is_plain = person.post is None and person.standing is None and not person.floating
    return is_plain and person.kind == MemberKind.FULL and person.precision == Precision.DAY


def _with_a_slip(number: str) -> str:
    """The number with one wrong digit; its check character fits, or no roster would take it."""
    digits = f"{number[:SLIPPED]}{(int(number[SLIPPED]) + 1) % 10}{number[SLIPPED + 1 : -1]}"
    return digits + idcard.check_character(digits)
