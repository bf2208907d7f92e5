"""What was moved or ended goes back to where it stood, unless that can hold it no more."""

import datetime

import pytest

from members.models import Affiliation
from members.services import transfer_within
from orgs import tree
from orgs.models import Organization, OrganizationChange
from orgs.operations import Watch, perform, undo, undo_blocked
from orgs.refusals import UndoBlocked
from tests.checking import lines
from tests.factories import AffiliationFactory, OrganizationFactory, RootFactory, StreetFactory, user_at
from tests.snapshots import books

pytestmark = pytest.mark.django_db
ON = datetime.date(2026, 1, 5)


@pytest.fixture
def root():
    return RootFactory()


@pytest.fixture
def street(root):
    return StreetFactory(parent=root, name="东湖街道党工委")


@pytest.fixture
def branch(street):
    return OrganizationFactory(parent=street, name="石桥社区党支部")


@pytest.fixture
def officer(root):
    return user_at(root)


def move(organization, to, by):
    keys = [organization.pk]
    watch = Watch(
        [Organization.everything.filter(pk__in=keys), OrganizationChange.objects.filter(organization__in=keys)]
    )
    return perform(
        kind="move",
        organization=organization,
        on=ON,
        by=by,
        watch=watch,
        summary="划转",
        run=lambda watch: tree.move(organization, to=to, on=ON, by=by),
    )


def test_a_moved_organization_goes_back_to_its_place(root, branch, officer):
    before = books()
    operation = move(branch, StreetFactory(parent=root), officer)

    undo(operation=operation, by=officer)

    assert lines() == []
    assert [row for row in books()["orgs.organization"] if row["id"] == branch.pk] == [
        row for row in before["orgs.organization"] if row["id"] == branch.pk
    ]


def test_it_does_not_go_back_under_a_superior_that_has_moved(root, street, branch, officer):
    operation = move(branch, root, officer)
    tree.move(street, to=StreetFactory(parent=root), on=ON, by=officer)

    with pytest.raises(UndoBlocked) as blocked:
        undo(operation=operation, by=officer)

    assert blocked.value.reasons == [
        "党组织“石桥社区党支部”原来的上级“东湖街道党工委”在办理后又改变了隶属关系，请改为办理“划转”"
    ]
    assert undo_blocked(operation).reasons == blocked.value.reasons
    assert lines() == []


def test_it_does_not_go_back_under_a_superior_that_was_closed(root, street, branch, officer):
    operation = move(branch, root, officer)
    tree.close(street, on=ON, by=officer)

    with pytest.raises(UndoBlocked) as blocked:
        undo(operation=operation, by=officer)

    assert blocked.value.reasons == ["党组织“石桥社区党支部”原来的上级“东湖街道党工委”在办理后已撤销，请改为办理“划转”"]


def test_it_does_not_go_back_under_a_superior_of_another_kind(root, officer):
    above = OrganizationFactory(parent=root, name="石桥社区党总支", kind="general_branch")
    branch = OrganizationFactory(parent=above, name="石桥社区党支部")
    operation = move(branch, root, officer)
    tree.reshape(above, on=ON, by=officer, kind="branch")

    with pytest.raises(UndoBlocked) as blocked:
        undo(operation=operation, by=officer)

    assert blocked.value.reasons == ["党组织“石桥社区党支部”不能再设在原来的上级“石桥社区党总支”之下，请改为办理“划转”"]


def test_nobody_goes_back_to_a_branch_that_was_closed(root, branch, officer):
    other = OrganizationFactory(parent=root)
    affiliation = AffiliationFactory(organization=branch)
    operation = perform(
        kind="transfer",
        organization=branch,
        on=ON,
        by=officer,
        watch=Watch([Affiliation.everything.filter(member=affiliation.member)]),
        summary="转接",
        run=lambda watch: transfer_within(member=affiliation.member, to=other, on=ON, by=officer),
    )
    tree.close(branch, on=ON, by=officer)

    with pytest.raises(UndoBlocked) as blocked:
        undo(operation=operation, by=officer)

    assert blocked.value.reasons == ["组织关系“王建国 石桥社区党支部”所在的“石桥社区党支部”在办理后已撤销"]
    assert lines() == []


def test_two_moves_are_taken_back_one_after_the_other(root, street, branch, officer):
    first = move(branch, root, officer)
    second = move(street, StreetFactory(parent=root), officer)

    undo(operation=second, by=officer)
    undo(operation=first, by=officer)

    assert lines() == []
    branch.refresh_from_db()
    assert branch.parent == street
