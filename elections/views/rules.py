"""The page 规则依据: every rule the ledger judges by, and what the user's district has added to it."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from elections.law import law_for
from elections.rules.chapters import Chapter, Item, items
from elections.rules.dated import ALWAYS
from elections.rules.parameters import Entry, Law, Local, Status
from elections.views.addresses import address
from elections.views.rules_local import local_sections
from orgs import paths
from orgs.days import spoken, written
from orgs.models import Organization
from orgs.scoping import NOT_FOUND, get_visible_or_404
from orgs.wording import NONE

OPEN_WORDS = {Local.MORE: "可另设更大的地方值", Local.LESS: "可另设更小的地方值"}


class TreeForm(forms.Form):
    """In whose tree the law is asked for; without it in the user's own."""

    node = forms.UUIDField(required=False)


@login_required
@never_cache
@require_safe
def rules(request):
    """All rules by chapter as they hold in one tree; without any part of a tree those of the country."""
    form = TreeForm(request.GET)
    if not form.is_valid():
        raise Http404(NOT_FOUND)
    parts = _parts(request.user)
    wanted = form.cleaned_data["node"]
    node = get_visible_or_404(Organization, user=request.user, uid=wanted) if wanted else next(iter(parts), None)
    law, today = law_for(node) if node else Law.builtin(), timezone.localdate()
    open_words = {each.title: OPEN_WORDS.get(each.local, "") for _, each in law.parameters()}
    found = items(law)
    chapters = [
        {
            "code": chapter.value,
            "title": chapter.label,
            "rules": [
                _item_lines(item, open_words.get(item.title, ""), today) for item in found if item.chapter is chapter
            ],
        }
        for chapter in Chapter
    ]
    context = {"chapters": chapters, "parts": _chips(parts, node) if len(parts) > 1 else []}
    if node:
        context |= local_sections(node, law=law, user=request.user, today=today)
    return render(request, "elections/rules.html", context)


def _parts(user) -> list[Organization]:
    """The first of the user's parts in each tree."""
    own = Organization.objects.visible_to(user).filter(path__in=user.own_paths()).order_by("path")
    by_tree: dict[str, Organization] = {}
    for each in own:
        by_tree.setdefault(each.path[: paths.WIDTH], each)
    return list(by_tree.values())


def _chips(parts: list[Organization], node: Organization) -> list[dict]:
    return [
        {
            "name": each.name,
            "url": address("rules", node=each.uid),
            "is_current": each.path[: paths.WIDTH] == node.path[: paths.WIDTH],
        }
        for each in parts
    ]


def _item_lines(item: Item, open_words: str, today) -> dict:
    """One rule, the latest value first."""
    now = max((day for day, _ in item.entries if day <= today), default=ALWAYS)
    lines = [_line(item, day, entry, now=now, today=today) for day, entry in reversed(item.entries)]
    return {"title": item.title, "open_words": open_words, "lines": lines}


def _line(item: Item, day, entry: Entry, *, now, today) -> dict:
    is_only = len(item.entries) == 1
    since = f"{spoken(day)}起" if day != ALWAYS else NONE if is_only else "此前"
    return {
        "since": since,
        "in_force": "" if is_only else "现行" if day == now else "尚未施行" if day > today else "",
        "value": f"{entry.value} {item.unit}" if entry.value is not None else "全国未统一" if item.unit else NONE,
        "source": entry.citation,
        "quote": entry.quote,
        "standing": entry.standing,
        "is_open": entry.standing.endswith("待核"),
        "checked_by": entry.checked_by,
        # A district's own value has no text of the country to be compared with.
        "checked_on": NONE if entry.status is Status.LOCAL else written(entry.checked_on),
    }
