"""A published table of 1,427 villages: which shares of it the rules find again."""

from collections import Counter
from datetime import date

from elections.rules.evaluate import evaluate
from elections.rules.facts import HeadBasis, HeadFacts, OrganizationFacts
from orgs.enums import Kind, UnitType

BRANCHES, GENERAL_BRANCHES, COMMITTEES = 827, 587, 13
SMALL, MIDDLE, LARGE = 267, 955, 205


def villages() -> list[OrganizationFacts]:
    """267 villages with 1–49 members, 955 with 51–99, 205 with 101 or more; no small one is above a branch."""
    sizes = [
        *(1 + n % 49 for n in range(SMALL)),
        *(51 + n % 49 for n in range(MIDDLE)),
        *(101 + n for n in range(LARGE)),
    ]
    kinds = [Kind.BRANCH] * BRANCHES + [Kind.GENERAL_BRANCH] * GENERAL_BRANCHES + [Kind.COMMITTEE] * COMMITTEES
    return [
        OrganizationFacts(kind, unit_type=UnitType.VILLAGE, heads=HeadFacts(size, size, HeadBasis.DECLARED))
        for kind, size in zip(kinds, sizes, strict=True)
    ]


def test_branches_over_fifty_and_villages_of_a_hundred_without_a_committee():
    """560 of 1,427 are branches of more than 50 (39.2 %); 192 of 100 or more are not 党委, a count of its own."""
    found = Counter(each.rule_id for village in villages() for each in evaluate(village, on=date(2023, 6, 1)))

    assert (found["ORG-02"], found["ORG-17"]) == (560, 192)
    assert round(100 * found["ORG-02"] / len(villages()), 1) == 39.2
    # Those of a hundred or more are tested against 党委, never a second time against 总支.
    assert found["ORG-16"] == 560
