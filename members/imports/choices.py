"""What can be chosen for people of a member roster's preview, and doing it by the same services as by hand."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from members.models import Affiliation, IntakeRequest, Member, Standing, TransferRequest
from members.services import (
    Leaving,
    end_membership,
    record_standing,
    request_intake,
    request_transfer,
    take_back,
    transfer_within,
)
from members.services.leaving import moved_to
from members.services.transfers import IN_TRANSIT, addressee
from orgs import paths
from orgs.days import FIRST_DAY
from orgs.effects.columns import stored_values
from orgs.enums import Action, ChoiceSubject, StandingKind
from orgs.importing.batching import in_chunks
from orgs.importing.choosing import KEEP, Chooser, Listed, Option, Wish
from orgs.importing.codes import Code
from orgs.importing.dates import clean_date
from orgs.importing.parts import PreviewRow
from orgs.importing.rows import Scope
from orgs.models import ImportBatch, Organization
from orgs.operations import Watch

OUT, WITHIN, STOPPED, LOST, TAKE = "out", "within", "stopped", "lost", "take"
BASED = "basis"
# Every table in which a choice writes rows of a person.
TABLES = (Affiliation, Standing, TransferRequest, IntakeRequest)
# People whose rows are held and compared at a time.
TOGETHER = 500
LONGEST = {"destination": 80, "wanted": 120, "document_no": 60, "basis": 200}
EMPTY = {
    "on": "请填写日期。",
    "destination": "请填写转往的党组织，按介绍信抬头填写。",
    "wanted": "请填写转往的党组织的全称或者统一编码。",
    "document_no": "请填写文号（介绍信编号）。",
}
NO_LETTER = "转往您管理范围以外的党组织，请填写介绍信编号。"
NO_BASIS = "请填写文号或者依据。"
FUTURE = "日期不能晚于今天，请到那一天再办理。"
TOO_EARLY = "日期有误，请核对年份。"
GONE = "已不在本党组织。"
NOT_YOURS = "您没有办理的权限，请由有权限的人员办理。"
# What needs a document or at least its reason.
ON_PAPER = frozenset({STOPPED, Leaving.RESIGNED.value, Leaving.REMOVED.value, Leaving.EXPELLED.value})


class MemberChooser(Chooser):
    """People missing from a member roster, and people whom it names and the books have elsewhere."""

    options = {
        ChoiceSubject.MISSING: (
            Option(KEEP, "保持不变"),
            Option(OUT, "转出到区外", ("on", "destination", "document_no")),
            Option(WITHIN, "转往本区其他党组织", ("on", "wanted"), ("document_no", "basis")),
            Option(Leaving.DECEASED.value, Leaving.DECEASED.label, ("on",)),
            Option(STOPPED, StandingKind.STOPPED.label, ("on",), ("document_no", "basis")),
            Option(LOST, StandingKind.LOST.label, ("on",), ("basis",)),
            *(
                Option(each.value, each.label, ("on",), ("document_no", "basis"))
                for each in (Leaving.RESIGNED, Leaving.REMOVED, Leaving.EXPELLED)
            ),
        ),
        ChoiceSubject.TRANSFER: (Option(KEEP, "暂不办理"), Option(TAKE, "转入（申请转入）本支部", (), ("on",))),
    }

    def listed(self, row: PreviewRow, batch: ImportBatch) -> Listed:
        """The person by the name that the roster has, the branch it names and the day it states, else its own day."""
        stated = clean_date(row.record.get("joined_branch_on", ""), year=Code.DATE_YEAR_ONLY_MEMBER).value
        place = row.changes.get("org_name", ("", ""))[1]
        day = stated.day if stated else batch.on
        return Listed(row.uid, row.record.get("name", ""), place, row.organizations[0], day, row)

    def cleaned(self, option: Option, details: Mapping[str, str], by) -> dict[str, str]:
        """Texts without spaces around them, days as ISO; those that the option does not take are left out."""
        found = {name: " ".join(str(details.get(name) or "").split()) for name in option.fields}
        wrong = {name: EMPTY[name] for name in option.required if not found[name]}
        for name, most in LONGEST.items():
            if len(found.get(name, "")) > most:
                wrong[name] = f"请不要超过 {most} 个字。"
        if found.get("on"):
            try:
                found["on"] = _day(found["on"]).isoformat()
            except ValidationError as error:
                wrong["on"] = error.message
        if option.code == WITHIN and "wanted" not in wrong and not found["document_no"]:
            to = addressee(found["wanted"])
            if to is None or not by.may(Action.EDIT, to):
                wrong["document_no"] = NO_LETTER
        if option.code in ON_PAPER and not found["document_no"] and not found["basis"]:
            wrong[BASED] = NO_BASIS
        if wrong:
            raise ValidationError(wrong)
        return {name: text for name, text in found.items() if text}

    def gone(self, missing: Sequence[Wish], scope: Scope) -> int:
        """Whoever does not belong to the organization any more under which they were listed."""
        here = {wish.listed.uid: wish.listed.place for wish in missing}
        stay = 0
        for part in in_chunks(here):
            present = Affiliation.objects.regular().filter(member__uid__in=part, until__isnull=True)
            present = present.filter(paths.subtree(scope.organization.path, "organization__path"))
            names = present.values_list("member__uid", "organization__name")
            stay += sum(here[str(uid)] == name for uid, name in names)
        return len(here) - stay

    def carry_out(self, wishes: Sequence[Wish], scope: Scope, writer=None) -> dict[str, str]:
        """Each person's choice by the service that the task by hand calls; those that fail are left as they were."""
        refused: dict[str, str] = {}
        for start in range(0, len(wishes), TOGETHER):
            part = wishes[start : start + TOGETHER]
            people = {str(each.uid): each for each in Member.objects.filter(uid__in=[wish.listed.uid for wish in part])}
            keys = [each.pk for each in people.values()]
            watch = Watch([model._base_manager.filter(member__in=keys) for model in TABLES]) if writer else None
            before = watch.hold() if watch else {}
            for wish in part:
                try:
                    with transaction.atomic():
                        self._carry_out(people.get(wish.listed.uid), wish, scope)
                except ValidationError as error:
                    refused[wish.listed.uid] = "；".join(each.rstrip("。") for each in error.messages)
                except PermissionDenied:
                    refused[wish.listed.uid] = NOT_YOURS.rstrip("。")
            if watch:
                _note(writer, before, watch.read())
        return refused

    def _carry_out(self, member: Member | None, wish: Wish, scope: Scope) -> None:
        details = wish.details
        if member is None:
            raise ValidationError(GONE)
        on = date.fromisoformat(details["on"]) if "on" in details else None
        if wish.choice == TAKE:
            take(member, wish.listed, on or wish.listed.day, scope)
            return
        present = Affiliation.objects.regular().filter(member=member, until__isnull=True).select_related("organization")
        present = present.first()
        if present is None:
            raise ValidationError(GONE)
        DOING[wish.choice](member, present.organization, on, details, scope.user)


def take(member: Member, person: Listed, on: date, scope: Scope) -> None:
    """Let somebody come to the branch that the roster names: at once where both sides are the user's, else by asking.

    From outside nothing is told of where they are: asking is answered alike wherever that is.
    """
    to = Organization.objects.get(pk=person.organization)
    if not Member.objects.editable_by(scope.user).filter(pk=member.pk).exists():
        request_intake(member=member, to=to, name=person.title, on=on, by=scope.user)
    elif not Affiliation.objects.regular().filter(member=member, until__isnull=True).exists():
        take_back(member=member, organization=to, since=on, by=scope.user)
    else:
        _refuse_in_transit(member)
        transfer_within(member=member, to=to, on=on, by=scope.user)


def _move_within(member: Member, organization: Organization, on: date, details: dict, by) -> None:
    """To a branch of the user's own part at once; elsewhere by a request that the other side answers."""
    to = addressee(details["wanted"])
    if to is not None and by.may(Action.EDIT, to):
        _refuse_in_transit(member)
        transfer_within(member=member, to=to, on=on, by=by)
        return
    request_transfer(
        member=member,
        wanted=details["wanted"],
        asked_on=on,
        letter_no=details.get("document_no", ""),
        note=details.get("basis", ""),
        by=by,
    )


def _leave(reason: Callable[[dict], str]) -> Callable[..., None]:
    def leave(member: Member, organization: Organization, on: date, details: dict, by) -> None:
        end_membership(member=member, organization=organization, on=on, reason=reason(details), by=by)

    return leave


def _begin(kind: StandingKind) -> Callable[..., None]:
    def begin(member: Member, organization: Organization, on: date, details: dict, by) -> None:
        record_standing(
            member=member,
            kind=kind,
            since=on,
            by=by,
            document_no=details.get("document_no", ""),
            remark=details.get("basis", ""),
        )

    return begin


# {choice: what it does}; each is called with the person, where they belong, the day, the details and the user.
DOING: dict[str, Callable[..., None]] = {
    OUT: _leave(lambda details: moved_to(details["destination"])),
    WITHIN: _move_within,
    STOPPED: _begin(StandingKind.STOPPED),
    LOST: _begin(StandingKind.LOST),
    **{each.value: _leave(lambda details, label=each.label: label) for each in Leaving},
}


def _refuse_in_transit(member: Member) -> None:
    if TransferRequest.objects.open().filter(member=member).exists():
        raise ValidationError(IN_TRANSIT)


def _day(text: str) -> date:
    try:
        on = date.fromisoformat(text)
    except ValueError:
        raise ValidationError("日期填写有误，应为 2026-11-21 的形式。") from None
    if on > timezone.localdate():
        raise ValidationError(FUTURE)
    if on < FIRST_DAY:
        raise ValidationError(TOO_EARLY)
    return on


def _note(writer, before: dict, after: dict) -> None:
    """Note with the batch's writer which rows the services wrote."""
    for key, (row, values) in after.items():
        if key not in before:
            writer.note_new(row)
            continue
        former, was = before[key]
        changed = [name for name in values if name != "version" and values[name] != was[name]]
        if changed:
            old, new = ({name: each[name] for name in changed} for each in (was, stored_values(row, changed)))
            writer.note(row, before=old, after=new, version_before=former.version)
