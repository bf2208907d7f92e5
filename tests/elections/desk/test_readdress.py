"""更改转接去向: a request that reached nobody is sent to another place, and the asking side is told nothing again."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from members.models import Affiliation, TransferRequest
from members.services import readdress_transfer
from orgs.models import AuditEvent
from tests.desk import done, undone
from tests.factories import AffiliationFactory, OrganizationFactory, StreetFactory, user_at
from tests.snapshots import books

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch(root):
    branch = OrganizationFactory(parent=StreetFactory(parent=root), name="石桥社区党支部")
    AffiliationFactory(organization=branch, member__name="王建国")
    return branch


@pytest.fixture
def clerk(branch):
    return user_at(branch.parent)


@pytest.fixture
def there(root):
    return OrganizationFactory(parent=StreetFactory(parent=root), name="柳林社区党支部", code="LL01")


@pytest.fixture
def request_sent(branch, clerk):
    person = str(branch_member(branch).uid)
    done("ask-transfer", branch, clerk, person=person, wanted="柳林社区支部", on="2026-11-02", document_no="介字1号")
    return TransferRequest.objects.get()


def branch_member(branch):
    return Affiliation.objects.get(organization=branch).member


def test_a_request_that_reached_nobody_reaches_the_place_that_is_meant(branch, clerk, there, request_sent):
    other = user_at(there)
    before = books()
    assert request_sent.to is None

    operation = done("readdress-transfer", branch, clerk, transfer=str(request_sent.uid), wanted="柳林社区党支部")

    request = TransferRequest.objects.get()
    assert (request.wanted, request.to, request.letter_no, request.decided_at) == (
        "柳林社区党支部",
        there,
        "介字1号",
        None,
    )
    assert list(TransferRequest.objects.visible_to(other)) == [request]
    (event,) = AuditEvent.objects.filter(kind="transfer.readdress")
    assert set(event.changes) == {"member"}
    undone(operation, clerk)
    assert books() == before


def test_a_place_that_is_none_is_taken_alike(branch, clerk, there, request_sent):
    done("readdress-transfer", branch, clerk, transfer=str(request_sent.uid), wanted="没有这个党支部")

    assert [(each.wanted, each.to) for each in TransferRequest.objects.all()] == [("没有这个党支部", None)]


@pytest.mark.parametrize(
    ("wanted", "sentence"), [("石桥社区党支部", "在您的管理范围内"), ("柳林社区支部", "与原来填写的一致")]
)
def test_ones_own_place_and_the_same_words_are_refused(clerk, request_sent, wanted, sentence):
    with pytest.raises(ValidationError, match=sentence):
        readdress_transfer(request=request_sent, wanted=wanted, by=clerk)


def test_only_the_side_that_asked_may(there, request_sent):
    with pytest.raises(PermissionDenied):
        readdress_transfer(request=request_sent, wanted="柳林社区党支部", by=user_at(there))
