"""Closed days (结账): the list of a node, closing a month's end, one closed ledger beside today's, reopening it."""

from datetime import date, timedelta

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from elections.forms import ALL_ROWS
from elections.frozen import Correction, corrections
from elections.ledger import OUTSIDE_DENOMINATOR, PAGE_SIZE, URGENCY
from elections.models import Freeze, FrozenRow
from elections.rules.dated import month_end
from elections.rules.wording import TITLES
from elections.services.freezes import freeze_day, reopen_day
from elections.views.addresses import address
from elections.views.comparison import signed
from elections.views.frame import Frame, frame_of, without_part
from elections.views.paging import page_links
from orgs.days import spoken, written
from orgs.enums import Action, State
from orgs.scoping import NOT_ALLOWED, get_visible_or_404
from orgs.wording import NONE, day_column

# So many corrections are told on the page; their number is always the whole.
MOST_CORRECTIONS = 100
UNEXPLAINED = "按现行隶属关系或规定重新计算"


class FreezeForm(forms.Form):
    """The month's end to be closed."""

    day = forms.DateField(
        label="结账日",
        help_text="月末；年末即12月31日。不能晚于今天，不能早于建账日。",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"class": "form-control", "type": "date"}),
    )


class ReopenForm(forms.Form):
    """Why a closed day is reopened."""

    reason = forms.CharField(
        label="理由",
        required=False,
        max_length=200,
        help_text="原版次保留，可以再次查看和打印。",
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )


class RowsForm(forms.Form):
    """Which rows of a closed ledger are shown."""

    state = forms.ChoiceField(required=False, choices=[("", ""), *State.choices()])
    page = forms.IntegerField(required=False, min_value=1, max_value=10**7)
    per = forms.ChoiceField(required=False, choices=[("", ""), (ALL_ROWS, ALL_ROWS)])


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def freezes(request):
    """The closed days of a node; a POST closes one more."""
    frame = frame_of(request, screen="freezes")
    if frame is None:
        return without_part(request)
    may_close = request.user.may(Action.APPROVE, frame.node)
    form = FreezeForm(initial={"day": last_month_end(frame.today)})
    if request.method == "POST":
        if not may_close:
            raise PermissionDenied(NOT_ALLOWED)
        form = FreezeForm(request.POST)
        if form.is_valid():
            try:
                closed = freeze_day(organization=frame.node, on=form.cleaned_data["day"], by=request.user)
            except ValidationError as refused:
                form.add_error("day", refused.messages)
            else:
                messages.success(request, f"“{closed.name}”{spoken(closed.on)}已结账（第{closed.edition}版）。")
                return redirect(reverse("freeze", args=[closed.uid]))
    found = Freeze.objects.visible_to(request.user).filter(organization=frame.node).select_related("by", "reopened_by")
    page = Paginator(found.order_by("-on", "-edition"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "elections/freezes.html",
        {
            **frame.context(),
            "band": None,  # closed days are not of the day looked at
            "form": form,
            "form_url": frame.screen_of(frame.node),
            "may_close": may_close,
            "lines": [_line(each) for each in page.object_list],
            "page_words": f"共 {page.paginator.count} 次，第 {page.start_index()}–{page.end_index()} 次",
            "pages": page_links(
                page, lambda number: address("freezes", node=frame.node.uid, on=frame.on_or_none, page=number)
            ),
        },
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def freeze(request, uid):
    """One closed ledger, or all its rows for paper; a POST reopens the day."""
    rows = Freeze.objects.select_related("organization", "by", "reopened_by")
    found = get_visible_or_404(rows, user=request.user, uid=uid)
    frame = Frame(user=request.user, node=found.organization, on=found.on, today=timezone.localdate(), screen="freezes")
    form = ReopenForm(request.POST or None)
    may_close = request.user.may(Action.APPROVE, found.organization)
    if request.method == "POST":
        if not may_close:
            raise PermissionDenied(NOT_ALLOWED)
        if form.is_valid():
            try:
                reopen_day(found, reason=form.cleaned_data["reason"], by=request.user)
            except ValidationError as refused:
                form.add_error("reason", refused.messages)
            else:
                messages.success(request, f"“{found.name}”{spoken(found.on)}已重新开账，可以再次结账。")
                return redirect(reverse("freezes") + f"?node={found.organization.uid}")
    asked = RowsForm(request.GET)
    asked.is_valid()
    if asked.cleaned_data.get("per") == ALL_ROWS:
        lines = [_cells(row) for row in found.rows.all()]
        return render(request, "elections/freeze_print.html", {**_head(found), "lines": lines})
    return render(
        request,
        "elections/freeze.html",
        {
            **frame.context(),
            "band": None,  # the head of the page says it
            **_head(found),
            **_beside_today(frame, found),
            **_rows(found, asked.cleaned_data),
            "form": form,
            "may_reopen": may_close and found.reopened_at is None,
        },
    )


def last_month_end(day: date) -> date:
    """The latest end of a month up to `day`."""
    return day if day == month_end(day) else day.replace(day=1) - timedelta(days=1)


def _line(found: Freeze) -> dict:
    return {
        "day": found.on.isoformat(),
        "url": reverse("freeze", args=[found.uid]),
        "edition": f"第{found.edition}版",
        "total": sum(found.counts["states"].values()),
        "overdue": found.counts["states"][State.OVERDUE.value],
        "by": found.by.get_full_name(),
        "at": found.created_at,
        "reopened": _reopened(found),
    }


def _reopened(found: Freeze) -> dict | None:
    if found.reopened_at is None:
        return None
    return {"by": found.reopened_by.get_full_name(), "at": found.reopened_at, "reason": found.reopened_reason}


def _head(found: Freeze) -> dict:
    states = found.counts["states"]
    total = sum(states.values())
    return {
        "freeze": found,
        "title": f"{found.name}换届台账",
        "on": found.on,
        "by": found.by.get_full_name(),
        "reopened": _reopened(found),
        "total": total,
        "expected": total - sum(states[state.value] for state in OUTSIDE_DENOMINATOR),
        "inspection": found.counts["inspection"],
        "states": [(state, states[state.value]) for state in URGENCY],
        "back_url": reverse("freeze", args=[found.uid]),
        "print_url": address("freeze", found.uid, per=ALL_ROWS),
    }


def _beside_today(frame: Frame, found: Freeze) -> dict:
    """The counts of then and of today's knowledge, and what was corrected since."""
    corrected, now = corrections(found, frame.user)
    states = found.counts["states"]
    counts = [
        {
            "state": state,
            "label": state.label,
            "then": states[state.value],
            "then_url": address("freeze", found.uid, state=state.value) + "#rows",
            "now": now[state],
            "now_url": frame.ledger_of(frame.node, state=state.value),
            "difference": signed(now[state] - states[state.value]),
        }
        for state in URGENCY
    ]
    total, total_now = sum(states.values()), sum(now.values())
    return {
        "counts": [
            {
                "state": None,
                "label": "党组织总数",
                "then": total,
                "then_url": reverse("freeze", args=[found.uid]) + "#rows",
                "now": total_now,
                "now_url": frame.ledger_of(frame.node),
                "difference": signed(total_now - total),
            },
            *counts,
        ],
        "corrections": [_correction(frame, each) for each in corrected[:MOST_CORRECTIONS]],
        "corrected": len(corrected),
        "more_corrections": max(0, len(corrected) - MOST_CORRECTIONS),
        "list_url": address("freezes", node=frame.node.uid),
    }


def _correction(frame: Frame, each: Correction) -> dict:
    return {
        "name": each.name,
        "code": each.code,
        "url": address("organization", each.uid, on=frame.on_or_none) if each.now else "",
        "differences": each.differences,
        "deeds": each.deeds or (UNEXPLAINED,),
    }


def _rows(found: Freeze, asked: dict) -> dict:
    rows = found.rows.all()
    state = asked.get("state")
    if state:
        rows = rows.filter(state=state)
    page = Paginator(rows, PAGE_SIZE).get_page(asked.get("page") or 1)
    return {
        "lines": [_cells(row) for row in page.object_list],
        "state_words": State(state).label if state else "",
        "page_words": f"共 {page.paginator.count} 个党组织，第 {page.start_index()}–{page.end_index()} 个",
        "pages": page_links(page, lambda number: address("freeze", found.uid, state=state, page=number) + "#rows"),
    }


def _cells(row: FrozenRow) -> dict:
    """A row of a closed ledger as the table shows it: every value a text, nothing of today."""
    is_late = row.state == State.OVERDUE
    days = NONE if row.days is None else f"超 {row.days} 天" if is_late else f"{row.days} 天"
    return {
        "number": row.number,
        "code": row.code,
        "name": row.name,
        "kind": row.get_kind_display(),
        "place": row.place or NONE,
        "expires_on": day_column(row.expires_on, row.expires_on_precision),
        "extended_to": written(row.extended_to),
        "days": days,
        "is_late": is_late,
        "state": row.state,
        "findings": "、".join(dict.fromkeys(TITLES.get(each, each) for each in row.findings)) or NONE,
    }
