"""疑似重复党员 of a part of the tree: the pairs, what speaks for one person, and what may be done."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from elections.desk.tasks.duplicates import MergePeople
from elections.views.addresses import address
from elections.views.frame import Frame, frame_of, without_part
from elections.views.paging import page_links
from members.duplicates import Suspect, suspects
from members.models import Affiliation, Member
from members.services import takes_affiliations
from members.services.merging import declare_different
from orgs.enums import Action, MemberKind
from orgs.scoping import get_editable_or_403
from orgs.wording import NONE, day_column

PAIRS = 20
NOT_EDITOR = "疑似重复党员的核实需要“维护台账、导入名册”权限，您在这里只能查看。"


class DifferentForm(forms.Form):
    """Two entries that are two people, and how that is known."""

    first = forms.UUIDField()
    second = forms.UUIDField()
    reason = forms.CharField(max_length=200, error_messages={"required": "请填写核实情况。"})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def duplicates(request):
    """The pairs at and under a node; a POST notes that one of them is two people."""
    frame = frame_of(request, screen="duplicates")
    if frame is None:
        return without_part(request)
    if not request.user.may(Action.EDIT, frame.node):
        raise PermissionDenied(NOT_EDITOR)
    if request.method == "POST":
        return _note_different(request, frame)
    pairs = suspects(request.user, frame.node)
    page = Paginator(pairs, PAIRS).get_page(request.GET.get("page"))
    return render(
        request,
        "elections/duplicates.html",
        {
            **frame.context(),
            "pairs": _pairs(frame, page.object_list),
            "count": page.paginator.count,
            "page_words": f"共 {page.paginator.count} 对，第 {page.start_index()}–{page.end_index()} 对",
            "pages": page_links(page, lambda number: address("duplicates", node=frame.node.uid, page=number)),
            "here": address("duplicates", node=frame.node.uid),
        },
    )


def _note_different(request, frame: Frame):
    form = DifferentForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(each for errors in form.errors.values() for each in errors))
    else:
        first, second = (
            get_editable_or_403(Member, user=request.user, uid=form.cleaned_data[name]) for name in ("first", "second")
        )
        try:
            declare_different(first=first, second=second, reason=form.cleaned_data["reason"], by=request.user)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            messages.success(request, f"已记明两条“{first.name}”不是同一人，今后不再提示。")
    return redirect(address("duplicates", node=frame.node.uid))


def _pairs(frame: Frame, pairs: list[Suspect]) -> list[dict]:
    people = {member.pk for pair in pairs for member in pair.both}
    opened = Affiliation.objects.visible_to(frame.user).regular().filter(member__in=people, until__isnull=True)
    homes = {row.member_id: row for row in opened.select_related("organization")}
    return [
        {
            "name": pair.first.name,
            "reasons": pair.reasons,
            "first": pair.first.uid,
            "second": pair.second.uid,
            "entries": [_entry(frame, pair, member, homes) for member in pair.both],
        }
        for pair in pairs
    ]


def _entry(frame: Frame, pair: Suspect, member: Member, homes: dict[int, Affiliation]) -> dict:
    home = homes.get(member.pk)
    other = pair.second if member == pair.first else pair.first
    desk = _desk_of(homes, member, other)
    return {
        "number": member.masked_id_number or NONE,
        "birth": day_column(member.birth, member.birth_precision),
        "phone": member.masked_phone or NONE,
        "kind": MemberKind(member.kind).label,
        "joined_on": day_column(member.joined_on, member.joined_on_precision),
        "place": home.organization.name if home else "组织关系已不在册",
        "place_url": frame.page_of(home.organization) if home else "",
        "since": day_column(home.since) if home else NONE,
        "recorded_on": member.created_at,
        "merge_url": address("task", desk.uid, MergePeople.code, pair=f"{member.uid}.{other.uid}") if desk else "",
    }


def _desk_of(homes: dict[int, Affiliation], *members: Member):
    """The branch at which the merge is done: that of either entry."""
    places = (homes[member.pk].organization for member in members if member.pk in homes)
    return next((place for place in places if place.closed_on is None and takes_affiliations(place)), None)
