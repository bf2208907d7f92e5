"""How many organizations have which finding: a page, and what the dashboard and the ledger fetch of it after loading.

Counting judges every organization under the node, which takes longer than the rest of those pages.
"""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from elections.finding_words import SEVERITIES, WITHOUT
from elections.forms import NO_FINDING, LedgerForm
from elections.ledger import Ledger
from elections.ledger_findings import FindingCounts
from elections.rules.wording import TITLES
from elections.views.findings import ICONS
from elections.views.frame import Frame, frame_of, without_part

TEMPLATE = "elections/findings.html"
# The part of the page that answers each target of htmx.
FRAGMENTS = {"findings-card": "card", "finding-chips": "chips"}


@login_required
@never_cache
@vary_on_headers("HX-Request", "HX-Target")
@require_safe
def finding_counts(request):
    """The counts of the node the address names, under the filters of the ledger it carries."""
    frame = frame_of(request, screen="findings")
    if frame is None:
        return without_part(request)
    form = LedgerForm(request.GET)
    form.is_valid()
    ledger = Ledger(user=request.user, node=frame.node, on=frame.on, filters=form.filters())
    counts, kept = ledger.finding_counts(), form.kept()
    fragment = FRAGMENTS.get(request.htmx.target or "") if request.htmx else None
    context = {
        "node": frame.node,
        "asked": ledger.filters.words(),
        "groups": _groups(frame, kept, counts),
        "none": {
            "label": WITHOUT,
            "number": counts.none,
            "url": frame.ledger_of(frame.node, **{**kept, "finding": None, "severity": NO_FINDING}),
        },
        "chips": _chips(frame, kept, counts, ledger),
        "rule_chips": _rule_chips(frame, kept, counts, ledger),
    }
    if fragment:
        return render(request, f"{TEMPLATE}#{fragment}", context)
    return render(request, TEMPLATE, {**frame.context(**kept), **context})


def _groups(frame: Frame, kept: dict, counts: FindingCounts) -> list[dict]:
    """By severity: how many have one of it, and each rule with its number, the most frequent first."""
    by_rule, severities = counts.by_rule(), counts.severities()

    def rows(**filters):
        return frame.ledger_of(frame.node, **{**kept, **filters})

    return [
        {
            "severity": severity.value,
            "icon": ICONS[severity],
            "word": words,
            "number": severities[severity],
            "url": rows(finding=None, severity=severity.value),
            "rules": [
                {
                    "title": TITLES[rule_id],
                    "rule_id": rule_id,
                    "number": number,
                    "url": rows(finding=rule_id, severity=severity.value),
                }
                for (rule_id, of), number in sorted(by_rule.items(), key=lambda each: (-each[1], each[0]))
                if of is severity
            ],
        }
        for severity, words in SEVERITIES.items()
    ]


def _chips(frame: Frame, kept: dict, counts: FindingCounts, ledger: Ledger) -> list[dict]:
    """The severities, one at a time; each number is that of the rows its chip lists."""
    numbers = counts.severities(ledger.filters.findings)
    chips = [
        _chip(frame, kept, words, numbers[severity], severity=severity.value, icon=ICONS[severity])
        for severity, words in SEVERITIES.items()
    ]
    # An organization with one finding is not without any: this one leaves the choice of a rule.
    bare = {**kept, "finding": None}
    return [*chips, _chip(frame, bare, WITHOUT, counts.none, severity=NO_FINDING)]


def _rule_chips(frame: Frame, kept: dict, counts: FindingCounts, ledger: Ledger) -> list[dict]:
    numbers = counts.rules(ledger.filters.severities)
    # Beside a rule, 「无提示」 would add the rows without any.
    bare = {**kept, "severity": None} if ledger.filters.without_findings else kept
    return [
        _chip(frame, bare, TITLES[rule_id], number, finding=rule_id)
        for rule_id, number in sorted(numbers.items(), key=lambda each: (-each[1], each[0]))
    ]


def _chip(frame: Frame, kept: dict, label: str, number: int, *, icon: str = "", **filters) -> dict:
    """A chip that chooses by its filter, or lets go of it where it is chosen already."""
    is_current = all(kept[name] == value for name, value in filters.items())
    asked = {**kept, **dict.fromkeys(filters)} if is_current else {**kept, **filters}
    return {
        "label": label,
        "number": number,
        "icon": icon,
        "url": frame.ledger_of(frame.node, **asked),
        "is_current": is_current,
    }
