"""The look-up of organizations asks the books once, however many names of a roster are unknown."""

import pytest

from orgs.importing.directory import Directory, Match
from orgs.models import Organization, User
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def street() -> Organization:
    """A street of a district, beside another one."""
    root = factories.RootFactory(code="YLQ")
    other = factories.StreetFactory(parent=root, code="YL2", name="另一街道党工委")
    factories.OrganizationFactory(parent=other, code="YL21", name="中共另一社区党支部", short_name="另一支部")
    return factories.StreetFactory(parent=root, code="YL1", name="虚构街道党工委")


def test_unknown_organizations_cost_no_query_each(street, django_assert_num_queries):
    directory = Directory(user=factories.user_at(street), organization=street)
    directory.find("", "没有的党支部")

    with django_assert_num_queries(0):
        found = [directory.find(f"XX{number}", f"没有的第{number}党支部") for number in range(300)]

    assert found == [Match()] * 300


@pytest.mark.parametrize(
    ("code", "name", "is_seen"),
    [
        ("YL21", "", True),
        ("YL21", "别的名称", True),
        ("", "中共另一社区党支部", True),
        ("", "另一社区党支部", True),
        ("", "另一支部", True),
        ("", "另一街道党工委", True),
        ("", "中共另一街道党工委", True),
        ("", "", False),
        ("YL22", "另一", False),
    ],
)
def test_what_is_seen_elsewhere_is_told_by_code_or_name(street, code, name, is_seen):
    clerk = factories.user_at(street)
    stranger = Directory(user=clerk, organization=street)
    assert not stranger.is_visible_elsewhere(code, name)

    factories.GrantFactory(user=clerk, organization=street.parent, role="viewer")
    reader = Directory(user=User.objects.get(pk=clerk.pk), organization=street)
    assert reader.is_visible_elsewhere(code, name) is is_seen
