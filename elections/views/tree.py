"""Fragments of the tree at the side: a branch that is opened, and what a search finds."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.shortcuts import render
from django.views.decorators.http import require_safe

from elections.views.branches import branches_under
from elections.views.frame import frame_of
from orgs import paths
from orgs.models import Organization
from orgs.scoping import get_visible_or_404

MOST_FOUND = 20


class TreeForm(forms.Form):
    """What of the tree is asked for: the children of `parent`, or names that hold `q`."""

    screen = forms.ChoiceField(
        choices=[
            (name, name)
            for name in (
                "dashboard",
                "ledger",
                "structure",
                "organization",
                "roll",
                "imports",
                "comparison",
                "freezes",
                "openings",
                "duplicates",
                "on_time",
            )
        ]
    )
    parent = forms.UUIDField(required=False)
    level = forms.IntegerField(required=False, min_value=1, max_value=paths.MAX_LEVELS + 1)
    q = forms.CharField(required=False, max_length=60)


@login_required
@require_safe
def tree(request):
    """A branch or a list of finds as a fragment; nothing for a wrong or empty question."""
    form = TreeForm(request.GET)
    frame = frame_of(request, screen=form.cleaned_data["screen"]) if form.is_valid() else None
    if frame is None:
        return render(request, "elections/tree.html#nodes", {"nodes": []})
    asked = form.cleaned_data
    if asked["parent"]:
        parent = get_visible_or_404(Organization, user=request.user, uid=asked["parent"])
        nodes = branches_under(frame, parent, asked["level"] or 2)
        return render(request, "elections/tree.html#nodes", {"nodes": nodes})
    if not asked["q"].strip():
        return render(request, "elections/tree.html#nodes", {"nodes": []})
    return render(request, "elections/tree.html#found", _found(frame, asked["q"].strip()))


def _found(frame, text: str) -> dict:
    """Organizations whose name or code holds `text`, with their superior where the user may see it."""
    visible = Organization.objects.visible_to(frame.user)
    matching = visible.existing(frame.on).filter(
        Q(name__icontains=text) | Q(short_name__icontains=text) | Q(code__icontains=text)
    )
    found = list(matching.order_by("sort_key", "id")[: MOST_FOUND + 1])
    superiors = dict(visible.filter(pk__in=[each.parent_id for each in found]).values_list("pk", "name"))
    return {
        "query": text,
        "more": len(found) > MOST_FOUND,
        "nodes": [
            {"name": each.name, "url": frame.screen_of(each), "place": superiors.get(each.parent_id, "")}
            for each in found[:MOST_FOUND]
        ],
    }
