"""Recording people and correcting what is recorded about them."""

from copy import copy
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from members import idcard
from members.duplicates import MERGED, merged_numbers
from members.models import Member, id_number_index
from members.services.affiliations import open_affiliation
from members.services.keeping import keeper_of, locked_for
from orgs import audit, crypto
from orgs.enums import Action, AffiliationKind, Precision
from orgs.models import Organization, Unit
from orgs.scoping import require_right
from orgs.services.records import save_changes
from orgs.sortkey import person_sort_key

PERSONAL_FIELDS = (
    "name",
    "sex",
    "ethnicity",
    "birth",
    "birth_precision",
    "education",
    "kind",
    "joined_on",
    "joined_on_precision",
    "formal_on",
    "formal_on_precision",
    "work_unit",
    "remark",
)
NOT_ALIVE = "公民身份号码中的出生日期晚于今天，或者距今超过120年，请对照证件改正。"
SEALED_FIELDS = ("id_number_sealed", "id_number_index", "phone_sealed")


@transaction.atomic
def record_member(
    *,
    organization: Organization,
    name: str,
    by,
    since: date | None = None,
    unit: Unit | None = None,
    id_number: str = "",
    phone: str = "",
    **values,
) -> Member:
    """Put a person on the books of `organization` from the day `since` (None: before all records) and return them.

    `values` are further columns of PERSONAL_FIELDS; sex and birth follow the ID number. PermissionDenied without the
    right to change the organization; ValidationError when a value does not fit or
    the ID number is registered already.
    """
    require_right(by, Action.EDIT, organization)
    id_number = clean_id_number(id_number)
    member = new_member(name=name, id_number=id_number, phone=phone, **values)
    values = {"name": name} | values | _told_by(id_number)
    open_affiliation(member, organization=organization, since=since, unit=unit, kind=AffiliationKind.REGULAR)
    fields = [*(field for field in PERSONAL_FIELDS if field in values), *SEALED_FIELDS]
    nothing = audit.values_of(Member(), SEALED_FIELDS) | dict.fromkeys(values)
    audit.record_event(
        kind="member.create",
        target=member,
        organization=organization,
        by=by,
        changes=audit.differences(nothing, audit.values_of(member, fields))
        | {"organization": [None, str(organization.uid)], "since": [None, str(since) if since else None]},
    )
    return member


def new_member(*, name: str, id_number: str = "", phone: str = "", **values) -> Member:
    """Write a person inside the caller's transaction, who gives them an affiliation and leaves the event.

    As `record_member`; the ID number is clean already.
    """
    _refuse_foreign(values)
    values = {"name": name} | values | _told_by(id_number)
    member = Member(**values, sort_key=person_sort_key(name))
    _seal(member, id_number=id_number, phone=phone)
    member.full_clean()
    member.save(force_insert=True)
    return member


@transaction.atomic
def change_member(member: Member, *, by, expected_version: int | None = None, **values) -> Member:
    """Correct what is recorded about a person: columns of PERSONAL_FIELDS, `id_number`, `phone` (empty clears them).

    Sex and birth follow a new ID number. PermissionDenied unless the person is kept where `by` may edit; StaleRecord
    when somebody changed them after `expected_version` was read.
    """
    member = locked_for(by, member)
    _refuse_foreign(values.keys() - {"id_number", "phone"})
    sealed = copy(member)
    numbers = {name: values.pop(name) for name in ("id_number", "phone") if name in values}
    if "id_number" in numbers:
        numbers["id_number"] = clean_id_number(numbers["id_number"])
    # Sealed anew, an equal number gives another text; only a different number is a change.
    if numbers.get("id_number") == member.reveal_id_number():
        del numbers["id_number"]
    values |= _told_by(numbers.get("id_number", ""))
    if numbers.get("phone") == member.reveal_phone():
        del numbers["phone"]
    _seal(sealed, **numbers)
    if "id_number" in numbers:
        values |= {"id_number_sealed": sealed.id_number_sealed, "id_number_index": sealed.id_number_index}
    if "phone" in numbers:
        values["phone_sealed"] = sealed.phone_sealed
    if "name" in values:
        values["sort_key"] = person_sort_key(values["name"])
    save_changes(
        member,
        changes=values,
        by=by,
        kind="member.update",
        organization=keeper_of(member),
        expected_version=expected_version,
    )
    return member


def _seal(member: Member, *, id_number: str | None = None, phone: str | None = None) -> None:
    if id_number or phone:
        crypto.check_database_key()
    if id_number is not None:
        member.set_id_number(id_number)
    if phone is not None:
        member.set_phone(phone)


def clean_id_number(number: str) -> str:
    """An ID number as it is stored, '' for none; ValidationError with what is wrong with it."""
    if not number:
        return ""
    cleaned = idcard.clean_id_number(number)
    if cleaned.value is None:
        sentences = [problem.code.message(**problem.words) for problem in cleaned.problems]
        raise ValidationError({"id_number": sentences})
    if not idcard.may_be_alive(idcard.birth(cleaned.value), timezone.localdate()):
        raise ValidationError({"id_number": NOT_ALIVE})
    if merged_numbers([id_number_index(cleaned.value)]):
        raise ValidationError({"id_number": MERGED})
    return cleaned.value


def _told_by(number: str) -> dict:
    """What an ID number says of its holder (GB 11643): it decides, whatever else was typed."""
    if not number:
        return {}
    return {"sex": idcard.sex(number).value, "birth": idcard.birth(number), "birth_precision": Precision.DAY.value}


def _refuse_foreign(values) -> None:
    if foreign := set(values) - set(PERSONAL_FIELDS):
        raise TypeError(f"not a personal field: {', '.join(sorted(foreign))}")
