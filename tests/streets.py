"""Two streets of one district, each with everything that a street can hold, alike but for their names."""

import datetime
import itertools
from dataclasses import dataclass, field

from elections import imports
from elections.desk.registry import BY_CODE
from elections.desk.task import Request
from elections.models import (
    ApprovalRight,
    AssignedApprover,
    CheckedProvision,
    Correction,
    FrozenRow,
    Leader,
    LocalList,
    LocalValue,
    MoveRequest,
    Succession,
    VillagePost,
)
from elections.rules.parameters.lists import ListName
from elections.services.scans import attach_scan
from members.models import Identity, IntakeRequest, TransferRequest
from orgs.audit import record_event
from orgs.enums import Role, SuccessionKind
from orgs.models import Organization, OrganizationUnit, TerritorialLink, User
from orgs.operations import perform
from tests.factories import (
    AffiliationFactory,
    AppointmentFactory,
    DeclaredCountFactory,
    ElectionFactory,
    ExtensionFactory,
    FreezeFactory,
    GrantFactory,
    GuestFactory,
    MemberFactory,
    OpeningFactory,
    OrganizationFactory,
    PostFactory,
    RootFactory,
    RosterConfirmationFactory,
    StandingFactory,
    StreetFactory,
    TermFactory,
    UnitFactory,
    UserFactory,
)
from tests.scans import PDF
from tests.workbooks import id_number

# Everything a person can be at once in their own street.
ALL_ROLES = (Role.CLERK, Role.APPROVER, Role.ACCOUNT_ADMIN, Role.GRANT_ADMIN, Role.AUDITOR)


@dataclass
class Street:
    """One street: its organizations, people and papers, the user who may do everything there, and what is secret."""

    mark: str
    number: str
    organization: Organization = None
    branch: Organization = None
    user: User = None
    records: dict[str, object] = field(default_factory=dict)
    # What no stranger may read: names, codes, numbers, documents, user names, uids, keys.
    secrets: set[str] = field(default_factory=set)


def build_street(root, mark: str, number: str) -> Street:
    """A street whose names begin with `mark` (two rare characters) and whose codes hold `number` (four digits)."""
    street = Street(mark, number)
    # Keys that no count or year on a page can be mistaken for.
    keys = itertools.count(int(f"{number}0001"))
    street.organization = StreetFactory(id=next(keys), parent=root, name=f"{mark}街道党工委", code=f"YL{number}")
    street.branch = OrganizationFactory(
        id=next(keys),
        parent=street.organization,
        name=f"{mark}里社区党支部",
        short_name=f"{mark}里支部",
        code=f"YL{number}01",
        contact_name=f"{mark}联系人",
        contact_phone=f"0119-{number}888",
        remark=f"{mark}备注",
    )
    unit = UnitFactory(
        id=next(keys), keeper=street.organization, name=f"{mark}虚构纺织有限公司", credit_code=f"91119900MA0{number}X1A"
    )
    OrganizationUnit.objects.create(organization=street.branch, unit=unit)
    member, masked = _member(street, next(keys), "19850307")
    # The same person once more, as a slip of the pen makes them; the two stand on the page of duplicates.
    twin, masked_twin = _member(street, next(keys), "19850308")
    masked |= masked_twin
    AffiliationFactory(id=next(keys), member=twin, organization=street.branch)
    term = TermFactory(
        id=next(keys),
        organization=street.branch,
        elected_on=datetime.date(2021, 3, 14),
        expires_on=datetime.date(2026, 3, 14),
        document_no=f"{mark}组〔2021〕{number}号",
    )
    holder = UserFactory(
        id=next(keys), username=f"jingban{number}", name=f"{mark}经办", organization=street.organization, is_staff=True
    )
    # The one who tries keeps no account name or place of the street, so that their own bar shows nothing of it.
    street.user = UserFactory(id=next(keys), username=f"quanquan{number}", name="赵全权", is_staff=True)
    for role in ALL_ROLES:
        GrantFactory(user=street.user, organization=street.organization, role=role)
    # The law of a tree is seen from all of it, so each street has a part in a district of its own as well.
    district = RootFactory(id=next(keys), name=f"中共{mark}区委员会", code=f"YQ{number}")
    for role in ALL_ROLES:
        GrantFactory(user=street.user, organization=district, role=role)
    of_district = {"root": district, "by": holder}
    batch = imports.upload(
        data=f"姓名,党组织编码,公民身份号码,联系电话\n{mark}水,YL{number}01,{'1' * 18},\n".encode(),
        file_name=f"{mark}花名册.csv",
        kind="auto",
        organization=street.organization,
        on=datetime.date(2026, 1, 1),
        by=street.user,
    )
    street.records = {
        "orgs.organization": street.branch,
        "orgs.unit": unit,
        "orgs.user": holder,
        "orgs.grant": GrantFactory(id=next(keys), user=holder, organization=street.organization),
        "orgs.importbatch": batch,
        "elections.freeze": _freeze(street, next(keys), holder),
        "orgs.opening": OpeningFactory(
            id=next(keys), organization=street.organization, reason=f"{mark}建账说明", by=holder
        ),
        "members.member": member,
        "members.affiliation": AffiliationFactory(id=next(keys), member=member, organization=street.branch),
        "members.guest": _guest(street, next(keys)),
        "members.standing": StandingFactory(id=next(keys), member=member, kind="floating", destination=f"{mark}流向"),
        "members.transferrequest": TransferRequest.everything.create(
            id=next(keys),
            member=member,
            origin=street.branch,
            to=street.organization,
            wanted=f"{mark}外支部",
            asked_on=datetime.date(2026, 11, 1),
            letter_no=f"{mark}介字第{number}号",
            note=f"{mark}说明",
            by=holder,
        ),
        "members.intakerequest": IntakeRequest.everything.create(
            id=next(keys),
            member=member,
            to=street.branch,
            name=f"{mark}申请人",
            on=datetime.date(2026, 11, 1),
            note=f"{mark}转入说明",
            by=holder,
        ),
        "members.identity": Identity.everything.create(
            id=next(keys), first=member, second=twin, is_same=True, reason=f"{mark}核实", by=holder
        ),
        "members.declaredcount": DeclaredCountFactory(id=next(keys), organization=street.branch),
        "members.rosterconfirmation": RosterConfirmationFactory(id=next(keys), organization=street.branch),
        "elections.term": term,
        "elections.extension": ExtensionFactory(
            id=next(keys),
            term=term,
            ends_on=datetime.date(2026, 9, 1),
            approved_on=datetime.date(2026, 3, 1),
            document_no=f"{mark}组〔2026〕{number}号",
        ),
        "elections.appointment": AppointmentFactory(
            id=next(keys), organization=street.branch, document_no=f"{mark}指〔2026〕1号"
        ),
        "elections.leader": Leader.everything.create(
            id=next(keys),
            organization=street.branch,
            name=f"{mark}领导",
            post=f"{mark}副书记",
            phone=f"0119-{number}888",
            since=datetime.date(2026, 1, 1),
        ),
        "elections.approvalright": ApprovalRight.everything.create(
            id=next(keys),
            organization=street.organization,
            has_right=True,
            since=datetime.date(2026, 1, 1),
            document_no=f"{mark}组〔2026〕{number}号",
        ),
        "elections.assignedapprover": AssignedApprover.everything.create(
            id=next(keys),
            organization=street.branch,
            approver=street.organization,
            since=datetime.date(2026, 1, 1),
            document_no=f"{mark}组〔2026〕{number}号",
        ),
        "orgs.territoriallink": TerritorialLink.everything.create(
            id=next(keys),
            organization=street.branch,
            street=district,
            since=datetime.date(2026, 1, 1),
            document_no=f"{mark}组〔2026〕{number}号",
        ),
        "elections.election": ElectionFactory(id=next(keys), organization=street.branch),
        "elections.succession": Succession.everything.create(
            id=next(keys),
            organization=street.branch,
            former=street.organization,
            kind=SuccessionKind.SPLIT,
            on=datetime.date(2020, 1, 1),
            document_no=f"{mark}组〔2020〕{number}号",
        ),
        "elections.moverequest": MoveRequest.everything.create(
            id=next(keys),
            organization=street.branch,
            wanted=f"{mark}外街道党工委",
            on=datetime.date(2026, 12, 1),
            reason=f"{mark}理由",
            by=holder,
        ),
        "elections.correction": Correction.everything.create(
            id=next(keys),
            organization=street.branch,
            table="elections.term",
            target_uid=street.branch.uid,
            subject=f"{mark}更正的记录",
            before={},
            after={"void": True},
            reason=f"{mark}更正理由",
            needs_second=True,
            by=holder,
        ),
        "elections.post": PostFactory(
            id=next(keys), organization=street.branch, holder_name=f"{mark}书记", member=member
        ),
        "elections.villagepost": VillagePost.everything.create(
            id=next(keys), organization=street.branch, holder_name=f"{mark}主任", title="主任"
        ),
        "elections.localvalue": LocalValue.everything.create(
            **of_district,
            id=next(keys),
            parameter="reminder_lead_months",
            since=datetime.date(2026, 1, 1),
            value=9,
            basis=f"{mark}组〔2025〕{number}号",
        ),
        "elections.locallist": LocalList.everything.create(
            **of_district,
            id=next(keys),
            name=ListName.DISQUALIFICATIONS,
            since=datetime.date(2026, 1, 1),
            items=f"{mark}情形一\n{mark}情形二",
            basis=f"{mark}组〔2025〕{number}号",
        ),
        "elections.checkedprovision": CheckedProvision.everything.create(
            **of_district,
            id=next(keys),
            rule_id="CAND-08",
            document="《中国共产党支部工作条例（试行）》",
            article="第二十三条",
            on=datetime.date(2026, 1, 5),
            note=f"{mark}核对",
        ),
    }
    street.records["orgs.operation"] = _operation(street)
    street.records["elections.scan"] = attach_scan(record=term, data=PDF, file_name=f"{mark}批复.pdf", by=street.user)
    record_event(
        kind="unit.update",
        target=unit,
        organization=street.organization,
        by=holder,
        changes={"name": [f"{mark}旧名", unit.name]},
    )
    street.secrets = {
        mark,
        f"YL{number}",
        f"YQ{number}",
        f"0119-{number}888",
        f"91119900MA0{number}X1A",
        f"jingban{number}",
        *masked,
        *(str(each.uid) for each in (street.organization, district, *street.records.values())),
        *(str(each.pk) for each in (street.organization, district, *street.records.values()) if each.pk > 10_000),
    }
    return street


def _freeze(street, key, holder):
    """A closed ledger with the branch in it."""
    freeze = FreezeFactory(id=key, organization=street.organization, by=holder)
    FrozenRow.objects.create(
        freeze=freeze,
        number=1,
        organization_uid=street.branch.uid,
        code=street.branch.code,
        name=street.branch.name,
        kind=street.branch.kind,
        form=street.branch.form,
        place=street.organization.name,
        state="in_term",
    )
    return freeze


def _member(street, key, birth):
    """A person with numbers, and each form in which they may stand on a page."""
    number, phone = id_number(birth=birth, order=street.number[-3:]), f"1540000{street.number}"
    born = datetime.datetime.strptime(birth, "%Y%m%d").date()  # noqa: DTZ007 a day has no zone
    member = MemberFactory.build(id=key, name=f"{street.mark}山", work_unit=f"{street.mark}单位", birth=born)
    member.set_id_number(number)
    member.set_phone(phone)
    member.save()
    return member, {number, phone, member.id_number_index, member.masked_id_number, member.masked_phone}


def _guest(street, key):
    """Somebody whose 组织关系 is elsewhere, received by the branch."""
    stay = AffiliationFactory(organization=street.branch, kind="incoming", member__name=f"{street.mark}客")
    return GuestFactory(
        id=key, affiliation=stay, place_of_affiliation=f"{street.mark}外县", province=f"{street.mark}省"
    )


def _operation(street):
    """A changed contact, as the street's official did it."""
    request = Request(
        Organization.objects.get(pk=street.branch.pk),
        street.user,
        {"contact_name": f"{street.mark}新联系人", "contact_phone": street.branch.contact_phone},
    )
    contact = BY_CODE["contact"]
    return perform(
        kind=contact.code,
        organization=request.organization,
        on=request.on,
        by=street.user,
        watch=contact.watch(request),
        run=lambda watch: contact.run(request, watch),
        summary=contact.summary(request),
    )
