"""The tree at the side: open down to the node, the rest on demand, search beyond what is open."""

import re
from datetime import date

from django.urls import reverse

from tests.factories import OrganizationFactory, TermFactory

ADDRESS = reverse("tree")


def shown(fragment) -> list[str]:
    """The names of a fragment's lines, without the small line below."""
    return re.findall(r'hj-tree-name">([^<]*)<', fragment.content.decode())


def outline(branches) -> list:
    return [(each.name, each.overdue, outline(each.children)) for each in branches]


def test_open_down_to_the_node_with_the_overdue_below(as_officer, district):
    page = as_officer.get(reverse("ledger"), {"node": district.street_a.uid})

    assert outline(page.context["tree"]) == [
        (
            "中共云岭区委员会",
            0,
            [("东湖街道党工委", 1, [("石桥社区党委", 1, [])]), ("和平街道党工委", 0, [])],
        )
    ]


def test_every_open_level_counts_what_is_overdue_under_its_lines(as_officer, district):
    # Overdue themselves: a committee that is open, and a branch of a street that is not.
    TermFactory(organization=district.committee, elected_on=date(2021, 3, 1), expires_on=date(2026, 3, 1))
    closed = OrganizationFactory(parent=district.street_b, name="望湖社区党支部")
    TermFactory(organization=closed, elected_on=date(2021, 6, 1), expires_on=date(2026, 6, 1))

    page = as_officer.get(reverse("ledger"), {"node": district.committee.uid})

    assert outline(page.context["tree"]) == [
        (
            "中共云岭区委员会",
            0,
            [
                (
                    "东湖街道党工委",
                    2,
                    [("石桥社区党委", 2, [("石桥社区第一党支部", 1, []), ("石桥社区第二党支部", 0, [])])],
                ),
                ("和平街道党工委", 1, []),
            ],
        )
    ]


def test_a_branch_is_fetched_when_it_is_opened(as_officer, district):
    page = as_officer.get(reverse("ledger"), {"node": district.street_a.uid})
    (committee,) = page.context["tree"][0].children[0].children

    fragment = as_officer.get(committee.fetch_url)

    assert shown(fragment) == ["石桥社区第一党支部", "石桥社区第二党支部"]
    assert "逾期未换届 1 个" in fragment.content.decode()
    assert f"{reverse('ledger')}?node={district.late.uid}" in fragment.content.decode()


def test_search_finds_what_is_not_open(as_officer):
    fragment = as_officer.get(ADDRESS, {"screen": "organization", "q": "第二党支部"})

    assert shown(fragment) == ["石桥社区第二党支部"]
    assert "石桥社区党委" in fragment.content.decode()


def test_search_names_no_more_than_twenty_and_says_so(as_officer, district):
    for _ in range(21):
        OrganizationFactory(parent=district.street_b)

    fragment = as_officer.get(ADDRESS, {"screen": "ledger", "q": "虚构社区"})

    assert len(shown(fragment)) == 20
    assert "只列出前 20 个" in fragment.content.decode()


def test_another_street_is_neither_opened_nor_found(as_clerk, district):
    assert as_clerk.get(ADDRESS, {"screen": "ledger", "parent": district.street_b.uid}).status_code == 404

    assert shown(as_clerk.get(ADDRESS, {"screen": "ledger", "q": "柳林"})) == []


def test_a_wrong_question_gets_nothing(as_officer):
    assert as_officer.get(ADDRESS, {"screen": "admin", "q": "石桥"}).content.decode().strip() == ""
    assert as_officer.get(ADDRESS, {"screen": "ledger", "q": "  "}).content.decode().strip() == ""


def test_the_part_of_a_clerk_begins_at_the_own_street(as_clerk):
    page = as_clerk.get(reverse("dashboard"))

    assert [branch.name for branch in page.context["tree"]] == ["东湖街道党工委"]
