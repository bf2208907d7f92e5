"""A choice on a roster's preview does what the task by hand does, to the row: people, posts, requests, the log."""

import datetime

import pytest
from django.db import transaction

from elections import imports
from elections.models import Post
from members.imports.choices import MemberChooser
from members.models import Affiliation, Member, Standing, TransferRequest
from orgs.importing.choosing import choose, listed_transfers
from orgs.models import AuditEvent
from tests import factories
from tests.desk import done
from tests.members.rosters import WANG, ZHAO, confirmed, li, upload

pytestmark = pytest.mark.django_db
DAY = "2026-11-10"
# What the two ways write beside the rows: which row it is, and when.
ROUTINE = frozenset({"id", "uid", "created_at", "version"})


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 21, 10, tzinfo=datetime.UTC))


@pytest.fixture
def street():
    return factories.StreetFactory(parent=factories.RootFactory(), name="东湖街道党工委")


@pytest.fixture
def branch(street):
    return factories.OrganizationFactory(parent=street, code="YL01", name="虚构社区第一党支部")


@pytest.fixture
def sibling(street):
    return factories.OrganizationFactory(parent=street, code="YL02", name="虚构社区第二党支部")


@pytest.fixture
def clerk(street):
    return factories.user_at(street)


@pytest.fixture
def secretary(street, branch, clerk) -> Member:
    """赵芳, secretary and out of reach, of whom the next roster says nothing."""
    confirmed(clerk, street, li(), li(姓名="赵芳", 公民身份号码=ZHAO), on=datetime.date(2026, 1, 10))
    member = Member.objects.get(name="赵芳")
    factories.PostFactory(organization=branch, member=member, holder_name="赵芳")
    factories.StandingFactory(member=member, kind="floating", destination="云海市")
    return member


def rows_of(member) -> dict:
    """Everything the books hold of a person, but for what tells rows and moments apart."""
    found = {}
    for model in (Member, Affiliation, Standing, TransferRequest, Post):
        names = [field.attname for field in model._meta.concrete_fields if field.attname not in ROUTINE]
        condition = {"pk": member.pk} if model is Member else {"member": member}
        found[model.__name__] = list(model._base_manager.filter(**condition).order_by("pk").values(*names))
    return found


def events() -> list[tuple]:
    """What the log says of people: kind, what it was about, by whom, which fields."""
    found = AuditEvent.objects.filter(target_type__startswith="members.").order_by("id")
    return [(each.kind, each.target_type, each.actor_id, sorted(each.changes)) for each in found]


def by_hand(code, organization, clerk, member, **sent) -> tuple:
    """What the task writes; nothing of it stays."""
    before = len(events())
    with transaction.atomic():
        done(code, organization, clerk, person=str(member.uid), **sent)
        found = rows_of(member), events()[before:]
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize(
    ("choice", "details", "code", "sent"),
    [
        (
            "out",
            {"destination": "云海市滨江区委组织部", "document_no": "介1号"},
            "transfer-out",
            {"destination": "云海市滨江区委组织部", "document_no": "介1号"},
        ),
        ("deceased", {}, "end-membership", {"why": "deceased"}),
        ("resigned", {"basis": "本人申请"}, "end-membership", {"why": "resigned", "basis": "本人申请"}),
        ("removed", {"document_no": "云组8号"}, "end-membership", {"why": "removed", "document_no": "云组8号"}),
        ("expelled", {"document_no": "云纪9号"}, "end-membership", {"why": "expelled", "document_no": "云纪9号"}),
        (
            "stopped",
            {"document_no": "云组7号", "basis": "失去联系满六个月"},
            "begin-standing",
            {"kind": "stopped", "document_no": "云组7号", "remark": "失去联系满六个月"},
        ),
        ("lost", {"basis": "电话不通"}, "begin-standing", {"kind": "lost", "remark": "电话不通"}),
        ("within", {"wanted": "YL02"}, "transfer", {"other_code": "YL02"}),
        (
            "within",
            {"wanted": "别处党支部", "document_no": "介2号", "basis": "工作调动"},
            "ask-transfer",
            {"wanted": "别处党支部", "document_no": "介2号", "reason": "工作调动"},
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_choice_writes_what_the_task_by_hand_writes(
    street, branch, sibling, clerk, secretary, choice, details, code, sent
):
    expected = by_hand(code, branch, clerk, secretary, on=DAY, **sent)
    batch = upload(clerk, street, li())
    before, log = rows_of(secretary), len(events())

    choose(
        batch=batch,
        chooser=MemberChooser(),
        subject="missing",
        targets=[str(secretary.uid)],
        choice=choice,
        details={"on": DAY, **details},
        by=clerk,
    )
    batch = imports.confirm(batch=batch, partial=False, by=clerk)

    assert (rows_of(secretary), events()[log:]) == expected
    # A post is ended by itself, with what follows from it: as by hand it stays, and the page names it.
    assert Post.objects.get().until is None
    imports.undo(batch=batch, by=clerk)
    assert rows_of(secretary) == before


def test_a_move_from_the_preview_writes_what_the_task_by_hand_writes(street, branch, sibling, clerk):
    member = factories.MemberFactory.build(name="王强")
    member.set_id_number(WANG)
    member.save()
    factories.AffiliationFactory(member=member, organization=sibling)
    expected = by_hand("transfer", sibling, clerk, member, on=DAY, other_code="YL01")
    batch = upload(clerk, street, li(姓名="王强", 公民身份号码=WANG))
    before, log = rows_of(member), len(events())

    (person,) = listed_transfers(batch, MemberChooser())
    choose(
        batch=batch,
        chooser=MemberChooser(),
        subject="transfer",
        targets=[person.uid],
        choice="take",
        details={"on": DAY},
        by=clerk,
    )
    batch = imports.confirm(batch=batch, partial=False, by=clerk)

    assert (rows_of(member), events()[log:]) == expected
    imports.undo(batch=batch, by=clerk)
    assert rows_of(member) == before
