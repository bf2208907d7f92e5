"""What a clerk said of the columns of a form is remembered for the unit, and only there."""

import pytest
from django.core.exceptions import PermissionDenied

from orgs.importing import layouts
from orgs.models import AuditEvent
from tests import factories

FORM = "a" * 64
SAID = {"证件": "id_number", "血型": ""}


@pytest.fixture
def root():
    return factories.RootFactory()


@pytest.fixture
def clerk(root):
    return factories.user_at(root)


def remember(organization, by, mapping=None):
    return layouts.remember(organization=organization, kind="members", layout=FORM, mapping=mapping or SAID, by=by)


@pytest.mark.django_db
def test_a_form_is_known_again_by_unit_kind_and_titles(root, clerk):
    remember(root, clerk)

    assert layouts.remembered(root, "members", FORM) == SAID
    assert layouts.remembered(root, "committee", FORM) == {}
    assert layouts.remembered(root, "members", "b" * 64) == {}
    assert layouts.remembered(factories.StreetFactory(parent=root), "members", FORM) == {}


@pytest.mark.django_db
def test_what_is_said_again_replaces_it_and_leaves_one_event_each(root, clerk):
    remember(root, clerk)
    remember(root, clerk)
    remember(root, clerk, {"证件": ""})

    assert layouts.remembered(root, "members", FORM) == {"证件": ""}
    events = AuditEvent.objects.filter(kind="layout.explain").order_by("pk")
    assert [event.changes["columns"] for event in events] == [[None, SAID], [SAID, {"证件": ""}]]


@pytest.mark.django_db
def test_who_may_not_edit_there_says_nothing(root):
    for user in (factories.user_at(root, role="viewer"), factories.user_at(factories.StreetFactory(parent=root))):
        with pytest.raises(PermissionDenied):
            remember(root, user)

    assert layouts.remembered(root, "members", FORM) == {}
