"""Two days of a node: counts that add up, changes that explain every difference, told by the rule of both days."""

import datetime
import io
from collections import Counter

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from elections.comparison import Comparison, Moved
from elections.comparison_file import xlsx
from elections.rules.state import state
from orgs.enums import Role, State
from tests.elections.random_district import District
from tests.elections.random_facts import RandomFacts
from tests.factories import (
    ElectionFactory,
    ExtensionFactory,
    OpeningFactory,
    OrganizationFactory,
    RootFactory,
    StreetFactory,
    TermFactory,
    UserFactory,
    user_at,
)
from tests.upkeep import analyze

pytestmark = pytest.mark.django_db
FIRST, LAST = datetime.date(2026, 10, 31), datetime.date(2026, 11, 21)


@pytest.fixture
def root():
    return RootFactory()


@pytest.fixture
def street(root):
    return StreetFactory(parent=root)


@pytest.fixture
def officer(root, story):
    return user_at(root, Role.OPERATOR)


def branch(street, name, *, elected=None, expires=None, **fields):
    found = OrganizationFactory(parent=street, name=name, **fields)
    if elected:
        TermFactory(organization=found, elected_on=elected, expires_on=expires)
    return found


@pytest.fixture
def story(street):
    """One organization for each kind of change between the two days, and one that stays as it is."""
    day = datetime.date
    branch(street, "甲党支部", elected=day(2021, 11, 5), expires=day(2026, 11, 5))
    newly = branch(street, "乙党支部")
    TermFactory(organization=newly, elected_on=day(2021, 9, 1), expires_on=day(2026, 9, 1), until=day(2026, 11, 10))
    TermFactory(organization=newly, elected_on=day(2026, 11, 10), expires_on=day(2031, 11, 10))
    until, approved = day(2027, 3, 31), day(2026, 11, 12)
    term = TermFactory(
        organization=branch(street, "丙党支部"),
        elected_on=day(2021, 10, 1),
        expires_on=day(2026, 10, 1),
        extended_until=until,
        extension_effective_on=approved,
    )
    ExtensionFactory(term=term, ends_on=until, approved_on=approved, effective_on=approved, counts_until=until)
    branch(street, "丁党支部", founded_on=day(2026, 11, 15))
    branch(street, "戊党支部", closed_on=day(2026, 11, 18))
    branch(street, "己党支部", elected=day(2022, 5, 15), expires=day(2027, 5, 15))
    running = branch(street, "庚党支部", elected=day(2022, 3, 1), expires=day(2027, 3, 1))
    ElectionFactory(organization=running, opened_on=day(2026, 11, 3), election_day=day(2026, 12, 20))
    branch(street, "辛党支部", elected=day(2024, 6, 1), expires=day(2029, 6, 1))


def compare(user, node, **fields):
    return Comparison(user=user, node=node, first=FIRST, last=LAST, **fields)


def told(comparison) -> list[tuple]:
    return [(each.name, each.before.state, each.after.state, each.reasons) for each in comparison.changes()]


EVERYTHING = [
    ("丙党支部", State.OVERDUE, State.EXTENDED, ["2026年11月12日批准延期至2027年3月31日"]),
    ("丁党支部", State.NOT_EXISTING, State.AWAITING_FIRST, ["2026年11月15日成立"]),
    ("庚党支部", State.DUE_SOON, State.IN_ELECTION, ["2026年11月3日启动换届选举"]),
    ("己党支部", State.IN_TERM, State.DUE_SOON, ["2026年11月15日起进入届满提醒期（2027年5月15日届满）"]),
    ("甲党支部", State.DUE_SOON, State.OVERDUE, ["2026年11月5日任期届满"]),
    ("戊党支部", State.NO_DATA, State.NOT_EXISTING, ["2026年11月18日撤销"]),
    ("乙党支部", State.OVERDUE, State.IN_TERM, ["2026年11月10日换届选举产生新一届班子"]),
]


def test_every_change_with_its_day_and_reason(officer, root):
    assert told(compare(officer, root)) == EVERYTHING


def test_counts_of_both_days_and_what_makes_the_difference(officer, root):
    lines = {line.key: (line.first, line.last, line.came, line.left) for line in compare(officer, root).lines()}

    assert lines == {
        "total": (9, 9, 1, 1),
        "expected": (7, 6, 0, 1),
        "overdue": (2, 1, 1, 2),
        "no_data": (1, 0, 0, 1),
        "due_soon": (2, 1, 1, 2),
        "extended": (0, 1, 1, 0),
        "in_election": (0, 1, 1, 0),
        "awaiting_first": (0, 1, 1, 0),
        "in_term": (2, 2, 1, 1),
        "no_term": (2, 2, 0, 0),
    }


@pytest.mark.parametrize(
    ("moved", "names"),
    [
        (Moved(before=(State.OVERDUE,)), ["丙党支部", "乙党支部"]),
        (Moved(after=(State.OVERDUE,)), ["甲党支部"]),
        (Moved(before=(State.OVERDUE,), after=(State.IN_TERM,)), ["乙党支部"]),
        (Moved(group="overdue"), ["丙党支部", "甲党支部", "乙党支部"]),
        (Moved(group="overdue", way="in"), ["甲党支部"]),
        (Moved(group="total", way="out"), ["戊党支部"]),
        (Moved(group="expected"), ["戊党支部"]),
        (Moved(after=(State.NO_TERM,)), []),
    ],
)
def test_what_of_the_changes_is_asked_for(officer, root, moved, names):
    found = compare(officer, root, moved=moved)

    assert [each.name for each in found.changes()] == names
    assert found.number == len(names)


def test_each_number_is_the_number_of_changes_behind_it(officer, root):
    for line in compare(officer, root).lines():
        for way, number in (("in", line.came), ("out", line.left), ("", line.came + line.left)):
            assert compare(officer, root, moved=Moved(group=line.key, way=way)).number == number


def test_a_page_at_a_time(officer, root):
    found = compare(officer, root)

    first, last = found.page(1, size=5), found.page(9, size=5)

    assert [each.name for each in [*first, *last]] == [name for name, *_ in EVERYTHING]
    assert (last.number, last.paginator.count) == (2, 7)


def test_the_days_stand_in_order(officer, root):
    with pytest.raises(ValueError):
        Comparison(user=officer, node=root, first=LAST, last=LAST)


def test_books_that_begin_later_forbid_the_comparison(officer, root, street):
    OpeningFactory(organization=street, opened_on=datetime.date(2026, 11, 1))
    other = StreetFactory(parent=root)

    assert compare(officer, root).books_since == datetime.date(2026, 11, 1)
    assert compare(officer, other).books_since is None


def test_a_stranger_compares_nothing(root, street):
    stranger = user_at(StreetFactory(parent=root), Role.CLERK)

    found = compare(stranger, street)

    assert (found.changes(), {line.first for line in found.lines()}) == ([], {0})


def test_number_of_queries_does_not_depend_on_rows(officer, root, street):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            found = compare(officer, root)
            found.lines()
            found.page(1)
        return len(captured)

    cost()  # the rights of the user are read once
    few = cost()
    for number in range(3):
        branch(street, f"新{number}党支部", founded_on=datetime.date(2026, 11, 15))

    assert cost() == few


def test_the_file_holds_both_tables(officer, root):
    book = openpyxl.load_workbook(io.BytesIO(xlsx(compare(officer, root))))

    counts, changes = book["状态对比"], book["状态变化名单"]
    assert counts["A1"].value == "中共云岭区委员会 时点对比（2026年10月31日—2026年11月21日；按现行隶属关系）"
    assert [cell.value for cell in counts[5]] == ["逾期未换届", 2, 1, -1, 1, 2]
    assert [row[2].value for row in changes.iter_rows(min_row=3)] == [name for name, *_ in EVERYTHING]


def test_sql_and_rule_agree_on_both_days_of_any_organization():
    # A key that none of the written organizations has.
    top = RootFactory(id=900_001)
    facts = District(UserFactory(), above=top.path).write(RandomFacts(seed=77).organizations(1200))
    analyze()
    first, last = datetime.date(2025, 6, 15), datetime.date(2026, 11, 21)
    expected = Counter(tuple(state(each, on=day).state for day in (first, last)) for each in facts.values())
    expected[State.NO_TERM, State.NO_TERM] += 1  # the root itself
    del expected[State.NOT_EXISTING, State.NOT_EXISTING]

    found = Comparison(user=user_at(top, Role.VIEWER), node=top, first=first, last=last)
    changes = found.changes()

    assert found.pairs == expected
    assert len(changes) == sum(number for (before, after), number in expected.items() if before != after)
    assert [
        change.name
        for change in changes
        if change.before.state != change.turns[0].before.state or change.after.state != change.turns[-1].after.state
    ] == []
