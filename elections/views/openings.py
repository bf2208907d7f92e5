"""Where the books begin (建账日): the day that holds for a node, the days set under it, and what they were before."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from elections.views.addresses import address
from elections.views.frame import Frame, frame_of, without_part
from elections.views.paging import page_links
from orgs import paths
from orgs.days import spoken
from orgs.enums import Action
from orgs.models import Opening
from orgs.opening import opened_on
from orgs.scoping import NOT_ALLOWED
from orgs.services.opening import open_books, withdraw_opening
from orgs.services.records import StaleRecord
from orgs.wording import NONE

LINES = 50


class OpeningForm(forms.Form):
    """The day and why; `seen` is the decision that was in force when the page was opened."""

    opened_on = forms.DateField(
        label="建账日",
        required=False,
        help_text="从这一天起核对党员和班子；第一份花名册反映的日期最合适。",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"class": "form-control", "type": "date"}),
    )
    reason = forms.CharField(
        label="说明",
        required=False,
        max_length=200,
        help_text="首次设置可以不填；更改、取消必须写明理由。",
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    seen = forms.CharField(required=False, max_length=36, widget=forms.HiddenInput)
    withdraw = forms.BooleanField(required=False)

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("withdraw") and not cleaned.get("opened_on") and "opened_on" not in self.errors:
            self.add_error("opened_on", "请填写建账日。")
        return cleaned


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def openings(request):
    """The page of the node the address names; a POST sets, changes or withdraws its day."""
    frame = frame_of(request, screen="openings")
    if frame is None:
        return without_part(request)
    own = Opening.objects.visible_to(request.user).filter(organization=frame.node).first()
    may_edit = request.user.may(Action.EDIT, frame.node)
    status = 200
    if request.method == "POST":
        if not may_edit:
            raise PermissionDenied(NOT_ALLOWED)
        form = OpeningForm(request.POST)
        if form.is_valid():
            try:
                messages.success(request, _write(frame, form.cleaned_data))
                return redirect(frame.screen_of(frame.node))
            except ValidationError as refused:
                form.add_error(None, refused)
            except StaleRecord as stale:
                form.add_error(None, str(stale))
                status = 409
    else:
        form = OpeningForm(initial={"opened_on": own and own.opened_on, "seen": own.uid if own else ""})
    return render(
        request,
        "elections/openings.html",
        {
            **frame.context(),
            "band": None,  # what holds and what held before stands on the page itself
            "form": form,
            "own": own,
            "may_edit": may_edit,
            "form_url": frame.screen_of(frame.node),
            "holds": _holds(frame, own),
            "former": [_former(each) for each in _former_of(frame)],
            **_below(frame, request.GET.get("page")),
        },
        status=status,
    )


def _write(frame: Frame, asked: dict) -> str:
    """Do what was asked; the sentence about it."""
    node, by = frame.node, frame.user
    if asked["withdraw"]:
        withdraw_opening(organization=node, reason=asked["reason"], by=by, seen=asked["seen"])
        return f"已取消“{node.name}”的建账日。"
    open_books(organization=node, opened_on=asked["opened_on"], reason=asked["reason"], by=by, seen=asked["seen"])
    return f"“{node.name}”的建账日为{spoken(asked['opened_on'])}。"


def _holds(frame: Frame, own: Opening | None) -> str:
    """Which day holds for the node and whose it is; a superior out of sight stays unnamed."""
    day = opened_on([frame.node])[frame.node.pk]
    if own is not None:
        return f"本级设置的建账日为{spoken(own.opened_on)}。"
    if day is None:
        return "没有设置建账日：有记录的日子都按记录计算。"
    above = Opening.objects.visible_to(frame.user).filter(
        organization__path__in=paths.ancestors_of(frame.node.path), opened_on=day
    )
    nearest = above.select_related("organization").order_by("-organization__path").first()
    return f"随{nearest.organization.name if nearest else '上级党组织'}，建账日为{spoken(day)}。"


def _below(frame: Frame, number) -> dict:
    """The days set in the subtree, a page of them."""
    under = Opening.objects.visible_to(frame.user).filter(paths.subtree(frame.node.path, "organization__path"))
    ordered = under.select_related("organization", "by").order_by("organization__path")
    page = Paginator(ordered, LINES).get_page(number)
    return {
        "lines": [
            {
                "name": each.organization.name,
                "url": frame.screen_of(each.organization),
                "day": each.opened_on.isoformat(),
                "reason": each.reason or NONE,
                "by": each.by.get_full_name(),
                "at": each.created_at,
            }
            for each in page.object_list
        ],
        "page_words": f"共 {page.paginator.count} 个单位，第 {page.start_index()}–{page.end_index()} 个",
        "pages": page_links(page, lambda at: address("openings", node=frame.node.uid, on=frame.on_or_none, page=at)),
    }


def _former_of(frame: Frame):
    """The decisions on the node that no longer hold, the latest first."""
    former = Opening.everything.visible_to(frame.user).filter(organization=frame.node, voided_at__isnull=False)
    return former.select_related("by", "voided_by").order_by("-voided_at", "-id")


def _former(opening: Opening) -> dict:
    return {
        "day": opening.opened_on.isoformat(),
        "by": opening.by.get_full_name(),
        "at": opening.created_at,
        "ended_by": opening.voided_by.get_full_name(),
        "ended_at": opening.voided_at,
        "reason": opening.voided_reason,
    }
