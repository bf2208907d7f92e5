"""The page 党员名册 of an organization: its people on a day, with the tasks for each."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from elections.desk.people import birth_month
from elections.desk.tasks.intakes import asked_by, asked_of
from elections.desk.tasks.transfers import arriving, departing
from elections.roll import Entry, Roll, Which
from elections.views.addresses import address
from elections.views.frame import Frame, frame_at
from elections.views.paging import page_links
from elections.views.people import people_words
from members.headcount import headcount
from members.models import Guest, IntakeRequest, TransferRequest
from members.services import takes_affiliations
from orgs import paths
from orgs.enums import Action, Kind, MemberKind
from orgs.models import Organization
from orgs.opening import in_the_books
from orgs.scoping import get_visible_or_404
from orgs.wording import NONE, day_column

PEOPLE = 50
NOT_PEOPLE = "您的权限不含人员信息，不能查看党员名册。"
# What can be done about one person, as links of their row.
TASKS = (("change-member", "修改"), ("begin-standing", "登记情形"), ("transfer", "转接"))
GUEST_TASKS = (("change-guest", "更正"), ("end-guest", "离开"))
# How many guests are listed; the rest are told by number and stand in the ledger of floating members.
GUESTS = 100
# How many answered requests stay in sight.
ANSWERED = 10
WAITING = "等待对方接收"
IN_TRANSIT = "转接中"
ASKED = "已提出申请"


class RollForm(forms.Form):
    """Whom to list, and the page; every field may be missing, a wrong one is left out."""

    q = forms.CharField(
        label="姓名",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"class": "form-control", "placeholder": "姓名"}),
    )
    which = forms.ChoiceField(
        label="类别",
        required=False,
        choices=[("", "全部党员"), *Which.choices()],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    page = forms.IntegerField(required=False, min_value=1, max_value=10**7, widget=forms.HiddenInput)


@login_required
@never_cache
@require_safe
def roll(request, uid):
    """Who is on the roll on the day."""
    node = get_visible_or_404(Organization, user=request.user, uid=uid)
    if not request.user.may(Action.READ_PEOPLE, node):
        raise PermissionDenied(NOT_PEOPLE)
    frame = frame_at(request, node, screen="roll")
    form = RollForm(request.GET)
    form.is_valid()
    name, which = (form.cleaned_data.get("q") or "").strip(), form.cleaned_data.get("which") or None
    found = Roll(user=request.user, node=node, on=frame.on)
    rows = found.affiliations(name=name, which=which and Which(which))
    page = Paginator(rows, PEOPLE).get_page(form.cleaned_data.get("page") or 1)
    count = page.paginator.count
    guests = found.guests(name=name)
    is_branch = takes_affiliations(node)
    may_edit = frame.on == frame.today and request.user.may(Action.EDIT, node)
    return render(
        request,
        "elections/roll.html",
        {
            **frame.context(q=name, which=which),
            "form": form,
            "is_branch": is_branch,
            "may_edit": may_edit,
            "count_words": _count_words(frame),
            "rows": [_row(frame, entry, may_edit) for entry in found.entries(page.object_list)],
            "page_words": f"共 {count} 名党员，第 {page.start_index()}–{page.end_index()} 名",
            "pages": page_links(
                page, lambda number: address("roll", node.uid, on=frame.on_or_none, q=name, which=which, page=number)
            ),
            "guests": [_guest(frame, guest, may_edit) for guest in guests[:GUESTS]],
            "guest_count": guests.count(),
            "is_asked": bool(name or which),
            "clear_url": address("roll", node.uid, on=frame.on_or_none),
            "page_url": frame.page_of(node),
            "arriving": _arriving(frame, may_edit) if frame.on == frame.today else [],
            "departing": _departing(frame) if frame.on == frame.today else [],
            "withdraw_url": address("task", node.uid, "withdraw-transfer") if may_edit else "",
            "asked_of": _asked_of(frame, may_edit) if frame.on == frame.today else [],
            "asked_by": _asked_by(frame) if frame.on == frame.today else [],
            "withdraw_intake_url": address("task", node.uid, "withdraw-intake") if may_edit else "",
            "add_url": address("task", node.uid, "new-member") if may_edit and is_branch else "",
            "duplicates_url": address("duplicates", node=node.uid) if may_edit else "",
            "receive_url": address("task", node.uid, "transfer-in") if may_edit and is_branch else "",
            "guest_url": address("task", node.uid, "receive-guest") if may_edit and node.kind == Kind.BRANCH else "",
        },
    )


def _count_words(frame: Frame) -> str:
    """What the ledger counts, with its source: declared numbers need not be the people listed."""
    books = Organization.objects.filter(in_the_books(frame.on, path=frame.node.path), pk=frame.node.pk)
    if not books.exists():
        return people_words(None)
    return f"台账计{people_words(headcount([frame.node], frame.on)[frame.node.pk])}"


def _row(frame: Frame, entry: Entry, may_edit: bool) -> dict:
    affiliation = entry.affiliation
    member, place = affiliation.member, affiliation.organization
    return {
        "name": member.name,
        "sex": member.get_sex_display() or NONE,
        "birth": birth_month(member) or NONE,
        "kind": MemberKind.FULL.label if entry.is_full else MemberKind.PROBATIONARY.label,
        "joined_on": day_column(member.joined_on, member.joined_on_precision),
        "since": day_column(affiliation.since),
        "unit": affiliation.unit.name if affiliation.unit else "",
        "place": place.name,
        "place_url": frame.screen_of(place),
        "standings": [*(_standing(each) for each in entry.standings), *([IN_TRANSIT] if entry.is_leaving else [])],
        "tasks": _tasks(place, member) if may_edit and place.closed_on is None else [],
    }


def _guest(frame: Frame, guest: Guest, may_edit: bool) -> dict:
    """Who is received, as their host recorded it; of a person kept elsewhere nothing else is told."""
    stay = guest.affiliation
    open_here = may_edit and stay.until is None and stay.organization.closed_on is None
    return {
        "name": stay.member.name,
        "number": stay.member.masked_id_number or NONE,
        "since": day_column(stay.since),
        "from": guest.place_of_affiliation or NONE,
        "province": guest.province or NONE,
        "reason": guest.floating_reason or NONE,
        "contact": guest.masked_contact or NONE,
        "certificate": {True: "持有", False: "未持有"}.get(guest.has_certificate, NONE),
        "place": stay.organization.name,
        "place_url": frame.screen_of(stay.organization),
        "tasks": [
            {"label": label, "url": address("task", stay.organization.uid, code, guest=guest.uid)}
            for code, label in GUEST_TASKS
            if open_here
        ],
    }


def _arriving(frame: Frame, may_edit: bool) -> list[dict]:
    """Requests that wait for an answer here: who it is and by which letter, not where from."""
    return [
        {
            "name": each.member.name,
            "number": each.member.masked_id_number or NONE,
            "letter_no": each.letter_no,
            "asked_on": day_column(each.asked_on),
            "note": each.note or NONE,
            "url": address("task", frame.node.uid, "accept-transfer", transfer=each.uid) if may_edit else "",
            "decline_url": address("task", frame.node.uid, "decline-transfer", transfer=each.uid) if may_edit else "",
        }
        for each in arriving(frame.node, frame.user, Action.READ_PEOPLE)
    ]


def _departing(frame: Frame) -> list[dict]:
    """Requests sent from here: those that wait, and the latest that were answered."""
    sent = TransferRequest.objects.sent_by(frame.user).filter(paths.subtree(frame.node.path, "origin__path"))
    answered = sent.filter(decided_at__isnull=False).select_related("member").order_by("-decided_at", "-id")[:ANSWERED]
    return [
        {
            "name": each.member.name,
            "wanted": each.wanted,
            "letter_no": each.letter_no,
            "asked_on": day_column(each.asked_on),
            "outcome": each.get_outcome_display() or WAITING,
            "answer": each.answer or NONE,
        }
        for each in [*departing(frame.node, frame.user, Action.READ_PEOPLE), *answered]
    ]


def _asked_of(frame: Frame, may_edit: bool) -> list[dict]:
    """Requests of other branches for people kept here: who it is, who asks, for when."""
    return [
        {
            "name": each.member.name,
            "number": each.member.masked_id_number or NONE,
            "to": each.to.name,
            "by": each.by.get_full_name(),
            "on": day_column(each.on),
            "note": each.note or NONE,
            "url": address("task", frame.node.uid, "grant-intake", intake=each.uid) if may_edit else "",
            "decline_url": address("task", frame.node.uid, "decline-intake", intake=each.uid) if may_edit else "",
        }
        for each in asked_of(frame.node, frame.user, Action.READ_PEOPLE)
    ]


def _asked_by(frame: Frame) -> list[dict]:
    """Requests of this branch and of those below it for people kept elsewhere: what was asked, and the answer."""
    own = IntakeRequest.objects.asked_by(frame.user).filter(paths.subtree(frame.node.path, "to__path"))
    answered = own.filter(decided_at__isnull=False).select_related("to").order_by("-decided_at", "-id")[:ANSWERED]
    return [
        {
            "name": each.name,
            "to": each.to.name,
            "on": day_column(each.on),
            "outcome": each.get_outcome_display() or ASKED,
            "answer": each.answer or NONE,
        }
        for each in [*asked_by(frame.node, frame.user, Action.READ_PEOPLE), *answered]
    ]


def _standing(standing) -> str:
    words = standing.get_kind_display()
    return f"{words}（{standing.destination}）" if standing.destination else words


def _tasks(place: Organization, member) -> list[dict]:
    return [{"label": label, "url": address("task", place.uid, code, person=member.uid)} for code, label in TASKS]
