"""办理: one view for all tasks (fill in, check, confirm), the page of an operation, its undo, the list of a node."""

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from elections.desk import doing
from elections.desk.changes import changes_of
from elections.desk.registry import BY_CODE, menu, title_of
from elections.desk.task import Request, Task, TaskForm
from elections.models import MoveRequest
from elections.views.addresses import address
from elections.views.frame import Frame, frame_at
from elections.views.paging import page_links
from elections.views.papers import papers_of_operation, upload_url
from orgs.enums import Action
from orgs.jobs import repeated
from orgs.models import Operation, Organization
from orgs.operations import RowsChanged
from orgs.refusals import Refused
from orgs.scoping import NOT_FOUND, get_editable_or_403, get_visible_or_404

OPERATIONS = 20
CHANGES = 50
# What a form of a task sends beside its own fields.
STEERING = ("csrfmiddlewaretoken", "step", "token")
# Also what a second click on 确认保存 meets after a closing.
NOT_OFFERED = "这个党组织不适用这项办理，或者刚刚已经办理完毕，请查看办理记录。"
STEPS = ("填写", "核对", "完成")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def task(request, uid, code):
    """Fill in (GET), check (POST), confirm (POST with `step=confirm` and the token of the check page)."""
    organization = get_editable_or_403(Organization, user=request.user, uid=uid)
    found = BY_CODE.get(code)
    if found is None:
        raise Http404(NOT_FOUND)
    frame = frame_at(request, organization)
    refusal = found.refusal(organization, request.user) if found.offered(organization) else NOT_OFFERED
    if refusal or request.method != "POST":
        return _page(request, frame, found, _form(request, found, organization, posted=False), refusal=refusal)
    form, step = _form(request, found, organization), request.POST.get("step")
    if step == "back" or not form.is_valid():
        return _page(request, frame, found, form)
    try:
        if step != "confirm":
            return _check(request, found, uid)
        operation = repeated(
            lambda: doing.do(
                found, _asked(request, found, uid), sent=_sent(request), token=request.POST.get("token", "")
            )
        )
    except RowsChanged as changed:
        return _check_again(request, found, uid, changed)
    except (ValidationError, Refused) as refused:
        return _refused(request, found, uid, refused)
    return _done(request, operation)


def _form(request, found: Task, organization: Organization, *, posted: bool = True) -> TaskForm:
    return found.form_class(
        request.POST if posted else None,
        initial={
            **found.initial(organization),
            **{name: request.GET[name] for name in found.from_address if name in request.GET},
        },
        organization=organization,
        user=request.user,
    )


def _asked(request, found: Task, uid) -> Request:
    """What is asked for, with rows read anew: also where a try crossed another transaction and is run again."""
    frame, form = _fresh(request, found, uid)
    if not form.is_valid():
        raise RowsChanged()
    return Request(frame.node, request.user, form.cleaned_data)


def _fresh(request, found: Task, uid) -> tuple[Frame, TaskForm]:
    """Frame and form with rows read anew: services change those they are given, also where nothing was kept."""
    organization = get_editable_or_403(Organization, user=request.user, uid=uid)
    form = _form(request, found, organization)
    form.is_valid()
    return frame_at(request, organization), form


def _check(request, found: Task, uid, *, changed: str = ""):
    outlook = repeated(lambda: doing.outlook(found, _asked(request, found, uid), sent=_sent(request)))
    frame, form = _fresh(request, found, uid)
    context = {"outlook": outlook, "form": form, "changed": changed, "posted": _posted(request)}
    return _render(request, frame, found, context, step=1, status=409 if changed else 200)


def _check_again(request, found: Task, uid, changed: RowsChanged):
    frame, form = _fresh(request, found, uid)
    if not form.is_valid():
        return _page(request, frame, found, form)
    try:
        return _check(request, found, uid, changed=str(changed))
    except (ValidationError, Refused) as refused:
        return _refused(request, found, uid, refused)


def _refused(request, found: Task, uid, refused):
    """The form again with what the services said; a sentence about a field the form has stands there."""
    frame, form = _fresh(request, found, uid)
    if isinstance(refused, Refused):
        form.add_error(None, str(refused))
    elif hasattr(refused, "error_dict"):
        for name, sentences in refused.message_dict.items():
            form.add_error(name if name in form.fields else None, sentences)
    else:
        form.add_error(None, refused.messages)
    return _page(request, frame, found, form)


def _done(request, operation: Operation):
    request.user.__dict__.pop("rights", None)  # they follow the tree, which may have changed
    there = reverse("operation", args=[operation.uid])
    seen = Organization.objects.visible_to(request.user).filter(pk=operation.organization_id)
    if Operation.objects.visible_to(request.user).filter(pk=operation.pk).exists():
        words = format_html('已办理“{}”。<a href="{}">查看办理记录，可撤销</a>', operation.summary, there)
        if seen.exists() and (upload := upload_url(operation)):
            words += format_html('　<a href="{}">上传批复扫描件</a>', upload)
        messages.success(request, words)
    else:
        messages.success(request, f"已办理“{operation.summary}”。该党组织已不在您的管理范围内。")
    place = seen.first()
    return redirect("organization", uid=place.uid) if place else redirect("dashboard")


def _page(request, frame: Frame, found: Task, form: TaskForm, *, refusal: str = ""):
    return _render(request, frame, found, {"form": form, "refusal": refusal}, step=0)


def _render(request, frame: Frame, found: Task, context: dict, *, step: int, status: int = 200):
    return render(
        request,
        "desk/task.html",
        {
            **frame.context(),
            **context,
            "task": found,
            "steps": [{"label": label, "is_current": number == step} for number, label in enumerate(STEPS)],
            "page_url": frame.page_of(frame.node),
        },
        status=status,
    )


def _posted(request) -> list[tuple[str, str]]:
    """The fields as they were sent, to be sent again unseen."""
    return [(name, value) for name in request.POST if name not in STEERING for value in request.POST.getlist(name)]


def _sent(request) -> str:
    return json.dumps(sorted(_posted(request)))


@login_required
@never_cache
@require_safe
def operation(request, uid):
    """One operation: who, when, for which day, on what document, and what it changed."""
    found = _operation(request, uid)
    frame = frame_at(request, found.organization)
    changes = changes_of(found, user=request.user)
    page = Paginator(changes.shown, CHANGES).get_page(request.GET.get("page"))
    blocked = None if found.undone_at else doing.blocked(found)
    return render(
        request,
        "desk/operation.html",
        {
            **frame.context(),
            "operation": found,
            "title": title_of(found.kind),
            "changes": page.object_list,
            "hidden": changes.hidden,
            "page_words": f"共 {page.paginator.count} 项，第 {page.start_index()}–{page.end_index()} 项",
            "pages": page_links(page, lambda number: address("operation", found.uid, page=number)),
            "blocked": blocked,
            "papers": papers_of_operation(found, user=request.user),
            "may_undo": not found.undone_at and blocked is None and doing.may_take_back(found, by=request.user),
            "page_url": frame.page_of(found.organization),
        },
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def operation_undo(request, uid):
    """Ask once more (GET), then take the operation back (POST)."""
    get_editable_or_403(Operation, user=request.user, uid=uid)
    found = _operation(request, uid)
    if request.method == "POST":
        try:
            doing.take_back(found, by=request.user)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, f"已撤销“{found.summary}”，有关内容恢复到办理之前。")
        request.user.__dict__.pop("rights", None)
        seen = Operation.objects.visible_to(request.user).filter(pk=found.pk).exists()
        return redirect("operation", uid=found.uid) if seen else redirect("dashboard")
    if found.undone_at or doing.blocked(found):
        return redirect("operation", uid=found.uid)
    frame = frame_at(request, found.organization)
    context = {"operation": found, "title": title_of(found.kind), "changes": changes_of(found, user=request.user)}
    return render(request, "desk/undo.html", {**frame.context(), **context})


def _operation(request, uid) -> Operation:
    rows = Operation.objects.select_related("organization", "by", "undone_by")
    return get_visible_or_404(rows, user=request.user, uid=uid)


@login_required
@never_cache
@require_safe
def operations(request, uid):
    """What was done by hand at an organization and below, newest first."""
    node = get_visible_or_404(Organization, user=request.user, uid=uid)
    frame = frame_at(request, node)
    rows = Operation.objects.visible_to(request.user).filter(
        organization__in=Organization.objects.under(node).order_by().values("pk")
    )
    page = Paginator(rows.select_related("organization", "by"), OPERATIONS).get_page(request.GET.get("page"))
    return render(
        request,
        "desk/operations.html",
        {
            **frame.context(),
            "lines": [
                {"operation": each, "title": title_of(each.kind), "url": reverse("operation", args=[each.uid])}
                for each in page.object_list
            ],
            "requests": _requests(request.user, node),
            "page_words": f"共 {page.paginator.count} 项，第 {page.start_index()}–{page.end_index()} 项",
            "pages": page_links(page, lambda number: address("operations", node.uid, page=number)),
            "page_url": frame.page_of(node),
        },
    )


def _requests(user, node: Organization) -> list[dict]:
    """Requests to move an organization at or below the node that wait for an answer, the oldest first."""
    waiting = MoveRequest.objects.open().visible_to(user)
    waiting = waiting.filter(organization__in=Organization.objects.under(node).order_by().values("pk"))
    return [
        {
            "organization": each.organization.name,
            "url": reverse("organization", args=[each.organization.uid]),
            "wanted": each.wanted,
            "on": each.on,
            "by": each.by.get_full_name(),
            "reason": each.reason,
        }
        for each in waiting.select_related("organization", "by").order_by("created_at", "id")
    ]


def menu_of(user, organization: Organization) -> dict | None:
    """The menu 「办理」 of an organization's page: links by group, and apart what cannot be done now, with the reason.

    None for whoever may not edit the organization.
    """
    if not user.may(Action.EDIT, organization):
        return None
    groups, not_now = [], []
    for group, tasks in menu(organization):
        links = []
        for each in tasks:
            link = {"title": each.title, "url": reverse("task", args=[organization.uid, each.code])}
            if refusal := each.refusal(organization, user):
                not_now.append({**link, "refusal": refusal})
            else:
                links.append(link)
        if links:
            groups.append({"group": group, "tasks": links})
    return {"groups": groups, "not_now": not_now}
