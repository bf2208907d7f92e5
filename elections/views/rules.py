"""The page 规则依据: every rule the ledger judges by, its values through time, its source and how sure it is."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from elections.rules.chapters import Chapter, Item, items
from elections.rules.dated import ALWAYS
from elections.rules.parameters import Entry, Law
from orgs.days import spoken, written
from orgs.wording import NONE


@login_required
@never_cache
@require_safe
def rules(request):
    """All rules by chapter; the same for every signed-in user."""
    found = items(Law.builtin())
    chapters = [
        {
            "code": chapter.value,
            "title": chapter.label,
            "rules": [_item_lines(item) for item in found if item.chapter is chapter],
        }
        for chapter in Chapter
    ]
    return render(request, "elections/rules.html", {"chapters": chapters})


def _item_lines(item: Item) -> dict:
    """One rule, the value in force first."""
    lines = [_line(item, day, entry, len(item.entries) == 1) for day, entry in reversed(item.entries)]
    return {"title": item.title, "lines": lines}


def _line(item: Item, day, entry: Entry, is_only: bool) -> dict:
    since = f"{spoken(day)}起" if day != ALWAYS else NONE if is_only else "此前"
    return {
        "since": since,
        "value": f"{entry.value} {item.unit}" if entry.value is not None else NONE,
        "source": entry.citation,
        "quote": entry.quote,
        "standing": entry.standing,
        "is_open": entry.standing.endswith("待核"),
        "checked_on": written(entry.checked_on),
    }
