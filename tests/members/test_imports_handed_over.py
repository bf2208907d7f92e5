"""A batch is its unit's: whoever confirms it, or has it checked again, finds in it what whoever uploaded it found."""

import datetime

import pytest

from elections import imports
from elections.imports.choices import People
from members.imports.choices import MemberChooser
from members.models import Affiliation, IntakeRequest, Member
from orgs.enums import BatchState, Role
from orgs.importing.again import check_again
from orgs.importing.choosing import choose
from orgs.models import Grant
from tests import factories
from tests.members.rosters import WANG, ZHAO, confirmed, li, outcome, upload

pytestmark = pytest.mark.django_db
LEFT, DAY = datetime.date(2026, 3, 1), datetime.date(2026, 11, 10)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 21, 10, tzinfo=datetime.UTC))


@pytest.fixture
def branch(street):
    return factories.OrganizationFactory(parent=street, code="YL01", name="虚构社区第一党支部")


@pytest.fixture
def operator(root):
    return factories.user_at(root, Role.OPERATOR)


def left(organization, name, number) -> Member:
    """Somebody whose 组织关系 was at `organization` until March."""
    member = factories.MemberFactory.build(name=name)
    member.set_id_number(number)
    member.save()
    factories.AffiliationFactory(organization=organization, member=member, until=LEFT, reason="转往外区")
    return member


def test_a_superior_confirms_what_the_clerk_uploaded_of_somebody_who_left_another_street(
    street, branch, abroad, clerk, operator
):
    left(abroad, "王强", WANG)
    batch = upload(clerk, street, li(), li(姓名="王强", 公民身份号码=WANG))

    batch = imports.confirm(batch=batch, partial=False, by=operator)

    assert (batch.state, batch.confirmed_by) == (BatchState.APPLIED, operator)
    assert outcome(batch) == [(2, "ok", "new"), (3, "ok", "transfer")]
    assert list(Affiliation.objects.filter(until=None).values_list("member__name", flat=True)) == ["李明"]


def test_a_superior_takes_in_at_once_whom_the_clerk_would_have_asked_for(street, branch, abroad, clerk, operator):
    wang = left(abroad, "王强", WANG)
    batch = upload(clerk, street, li(), li(姓名="王强", 公民身份号码=WANG))
    sent = {"chooser": MemberChooser(), "subject": "transfer", "targets": [str(wang.uid)], "choice": "take"}
    choose(batch=batch, details={"on": DAY.isoformat()}, by=clerk, **sent)

    assert [told(batch, user) for user in (clerk, operator)] == [
        (["现在其他党组织"], "申请转入本支部"),
        (["现在没有组织关系"], "划转到本支部"),
    ]

    batch = imports.confirm(batch=batch, partial=False, by=operator)

    held = Affiliation.objects.filter(member=wang).order_by("id")
    assert list(held.values_list("organization", "since", "until")) == [(abroad.pk, None, LEFT), (branch.pk, DAY, None)]
    assert IntakeRequest.objects.count() == 0
    imports.undo(batch=batch, by=operator)
    assert list(held.values_list("organization", "since", "until")) == [(abroad.pk, None, LEFT)]


def told(batch, user) -> tuple:
    """What the page says of the one person from elsewhere: the notes, and what taking them in is called."""
    people = People(batch, "transfer", user=user)
    (person,) = people.shown(people.all)
    return person.notes, person.labels["take"]


@pytest.fixture
def of_one_who_left_the_office(street, branch, clerk):
    """A batch whose uploader has lost every right since, and who then took over the uploader's work."""
    confirmed(clerk, street, li(), on=datetime.date(2026, 1, 10))
    batch = upload(clerk, street, li(民族="满"), li(姓名="赵芳", 公民身份号码=ZHAO))
    Grant.objects.filter(user=clerk).update(until=DAY)
    return batch, factories.user_at(street, name="钱接手")


def test_what_a_successor_has_checked_again_is_found_as_before(of_one_who_left_the_office):
    batch, successor = of_one_who_left_the_office

    check_again(batch=batch, by=successor)
    batch = imports.importer.check(batch)

    assert outcome(batch) == [(2, "ok", "changed"), (3, "ok", "new")]


def test_a_successor_is_shown_what_changed_meanwhile_and_confirms_it(of_one_who_left_the_office):
    batch, successor = of_one_who_left_the_office
    Member.objects.update(ethnicity="回族")

    with pytest.raises(imports.PreviewOutdated):
        imports.confirm(batch=batch, partial=False, by=successor)
    batch = imports.confirm(batch=batch, partial=False, by=successor)

    assert outcome(batch) == [(2, "ok", "changed"), (3, "ok", "new")]
    assert sorted(Member.objects.values_list("name", "ethnicity")) == [("李明", "满族"), ("赵芳", "汉族")]
