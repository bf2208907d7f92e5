"""变更历史: what was done to the records of an organization, by whom, from which value to which, and 更正说明."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from elections.desk.tasks.corrections import words
from elections.models import Correction
from elections.record_history import record_history
from elections.views.addresses import address
from elections.views.frame import frame_at
from elections.views.paging import page_links
from elections.views.papers import Papers
from orgs.models import Organization
from orgs.scoping import get_visible_or_404

LINES = 50


@login_required
@never_cache
@require_safe
def history(request, uid):
    """Corrections first, those that wait above those that hold; then everything that was done, newest first."""
    node = get_visible_or_404(Organization, user=request.user, uid=uid)
    frame = frame_at(request, node)
    corrections = (
        Correction.objects.visible_to(request.user)
        .filter(organization=node)
        .select_related("by", "decided_by", "organization")
    )
    papers = Papers(node, user=request.user)
    page = Paginator(record_history(node, user=request.user), LINES).get_page(request.GET.get("page"))
    return render(
        request,
        "elections/history.html",
        {
            **frame.context(),
            "waiting": [_told(each) for each in corrections.waiting()],
            "decide_url": address("task", node.uid, "decide-correction"),
            "corrections": [{**_told(each), "papers": papers.of(each)} for each in corrections.applied()],
            "lines": page.object_list,
            "page_words": f"共 {page.paginator.count} 条，第 {page.start_index()}–{page.end_index()} 条",
            "pages": page_links(page, lambda number: address("history", node.uid, page=number)),
            "page_url": frame.page_of(node),
        },
    )


def _told(correction: Correction) -> dict:
    return {
        "at": correction.decided_at or correction.created_at,
        "subject": correction.subject,
        "lines": words(correction),
        "reason": correction.reason,
        "by": correction.by.get_full_name(),
        "second": correction.decided_by.get_full_name() if correction.decided_by else "",
    }
