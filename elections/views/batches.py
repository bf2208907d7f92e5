"""One batch of a roster: how far it is, what was found, what may be done next, and the steps themselves."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from elections import imports as rosters
from elections.imports import background
from elections.imports.forms import CloseListForm, ColumnsForm
from elections.views.addresses import address
from elections.views.choices import choices_context
from elections.views.preview import preview_context
from orgs import jobs
from orgs.enums import Action, BatchState
from orgs.importing import layouts, open_lists
from orgs.importing import preview as previews
from orgs.importing.again import MAY_CHECK_AGAIN, check_again
from orgs.importing.batches import MAY_CONFIRM
from orgs.importing.dependents import later_batches, later_operations
from orgs.importing.preview import kind_label
from orgs.models import ImportBatch
from orgs.refusals import Refused, UndoBlocked
from orgs.scoping import get_visible_or_404, require_right

# How a batch's state is colored: as the ledger's states, with the same meaning of alarm, work and done.
TONES = {
    BatchState.CHECKING: "in_election",
    BatchState.UNCHECKED: "overdue",
    BatchState.REJECTED: "overdue",
    BatchState.FAILED: "overdue",
    BatchState.CHECKED: "due_soon",
    BatchState.APPLYING: "in_election",
    BatchState.APPLIED: "in_term",
    BatchState.UNDOING: "in_election",
    BatchState.UNDONE: "no_data",
    BatchState.EXPIRED: "no_data",
}
UNDONE = "这次导入已整体撤销，数据恢复到导入前的内容；以下是撤销前的核对结果。"
NOT_UNDONE = "没有撤销：后来的内容依赖这次导入。"
NOTHING_DONE = "没有执行任何操作。请核对后重新点击。"
# So many later steps of each sort are named where they stand in the way of an undo.
MOST_LATER = 10
SEVERAL_COLUMNS = "已记住各列对应的项目，正在按此重新核对。本单位以后上传同样版式的名册，不必再次指明。"


def batch_line(batch: ImportBatch) -> dict:
    """What lists and the head of the page say of a batch; it comes with `organization` and `uploaded_by`."""
    return {
        "url": reverse("import_batch", args=[batch.uid]),
        "file_name": batch.file_name,
        "kind": kind_label(batch.kind),
        "organization": batch.organization.name,
        "uploaded_at": batch.created_at,
        "uploaded_by": batch.uploaded_by.get_full_name(),
        "state": BatchState(batch.state).label,
        "tone": TONES[batch.state],
        "is_at_work": batch.state in jobs.AT_WORK,
        "is_checking": batch.state == BatchState.CHECKING,
        "is_undoing": batch.state == BatchState.UNDOING,
        "done": batch.progress_done,
        "total": batch.progress_total,
        "message": _message(batch),
        "good": batch.counts.get("good", 0),
        "bad": batch.counts.get("bad", 0),
    }


def _message(batch: ImportBatch) -> str:
    """What came of a batch, in one or two sentences: first why it still stands, if it was to be taken back."""
    if batch.state == BatchState.UNDONE:
        return UNDONE
    refused = batch.undo_refused or {}
    return (NOT_UNDONE if refused.get("reasons") else refused.get("sentence", "")) + batch.message


def _batch(request, uid) -> ImportBatch:
    """The batch, if the user may see it, without its file of up to twenty megabytes."""
    batches = ImportBatch.objects.select_related("organization", "uploaded_by", "confirmed_by", "list_closed_by")
    return get_visible_or_404(batches.defer("file_sealed"), user=request.user, uid=uid)


@login_required
@never_cache
@require_safe
def import_batch(request, uid):
    """What was found in a file: what needs attention first, rows with a state for each cell, and what may be done.

    While the batch is at work the page asks for itself again, by htmx for the progress alone.
    """
    background.settle()
    batch = _batch(request, uid)
    if not request.htmx:
        return _page(request, batch)
    if batch.state in jobs.AT_WORK:
        return render(request, "imports/batch.html#progress", _progress(batch))
    return HttpResponseClientRefresh()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_confirm(request, uid):
    """Have the whole batch written, or its good rows when the form says so."""
    batch = _batch(request, uid)
    partial = request.POST.get("partial") == "1"
    return _step(request, batch, lambda: background.confirm(batch=batch, partial=partial, by=request.user), _written)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_undo(request, uid):
    """Have the whole batch taken back; the page then says what depends on it, if something does."""
    batch = _batch(request, uid)
    taken = _step(request, batch, lambda: background.undo(batch=batch, by=request.user), _undone)
    is_refused = request.method == "POST" and batch.state == BatchState.APPLIED and _blocked(batch)
    return _page(request, batch, status=409) if is_refused else taken


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_check(request, uid):
    """Have the file checked once more, after its check broke off."""
    batch = _batch(request, uid)
    return _step(request, batch, lambda: _check_again(batch, request.user))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request, uid):
    """Keep what the clerk says of the columns, for this form and unit, and check the file anew by it."""
    batch = _batch(request, uid)
    if request.method != "POST":
        return _nothing_done(request, batch)
    require_right(request.user, Action.EDIT, batch.organization)
    form = columns_form(batch, request.POST)
    if form is None or not form.is_valid():
        return _page(request, batch, columns_form=form, status=409 if form is None else 200)
    head = previews.head(batch)

    def explain():
        layouts.remember(
            organization=batch.organization,
            kind=head.kind,
            layout=head.layout,
            mapping={**head.mapping, **form.mapping()},
            by=request.user,
        )
        _check_again(batch, request.user)

    return _step(request, batch, explain, lambda *_: messages.success(request, SEVERAL_COLUMNS))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_close(request, uid):
    """Close the open list of a batch that was written in part, with the reason."""
    batch = _batch(request, uid)
    if request.method != "POST":
        return _nothing_done(request, batch)
    require_right(request.user, Action.EDIT, batch.organization)
    form = CloseListForm(request.POST)
    if not form.is_valid():
        return _page(request, batch, close_form=form)
    reason = form.cleaned_data["reason"]
    return _step(request, batch, lambda: open_lists.close(batch=batch, reason=reason, by=request.user))


def columns_form(batch: ImportBatch, data=None) -> ColumnsForm | None:
    """The form in which columns are explained; None where there is nothing to explain or the file is gone."""
    if batch.state not in MAY_CHECK_AGAIN or not _has_file(batch):
        return None
    head = previews.head(batch)
    roster = rosters.importer.by_kind.get(head.kind)
    if roster is None or not (head.unsure or head.mapping):
        return None
    return ColumnsForm(head, roster, data)


def _has_file(batch: ImportBatch) -> bool:
    return ImportBatch.objects.filter(pk=batch.pk, file_sealed__isnull=False).exists()


def _check_again(batch: ImportBatch, by) -> None:
    check_again(batch=batch, by=by)
    background.check(batch)


def _step(request, batch: ImportBatch, step, say=None):
    """Take a step, say what came of it, and go back to the batch.

    A GET takes no step: whoever had to sign in again before the POST arrives by one and finds the batch as it is.
    """
    if request.method != "POST":
        return _nothing_done(request, batch)
    try:
        step()
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        if say is not None:
            batch.refresh_from_db()
            say(request, batch)
    return redirect("import_batch", uid=batch.uid)


def _later(batch: ImportBatch, user) -> list[dict]:
    """The later steps to rows of a batch, where the user may see them: what has to be taken back first."""
    batches = [(f"导入“{each.file_name}”", "import_batch", each) for each in later_batches(batch, user)[:MOST_LATER]]
    operations = [(f"办理：{each.summary}", "operation", each) for each in later_operations(batch, user)[:MOST_LATER]]
    return [{"title": title, "url": reverse(name, args=[each.uid])} for title, name, each in (*operations, *batches)]


def _nothing_done(request, batch: ImportBatch):
    messages.warning(request, NOTHING_DONE)
    return redirect("import_batch", uid=batch.uid)


def _written(request, batch: ImportBatch) -> None:
    """What came of a confirm, where no worker does it later: the page itself says the rest."""
    if batch.state == BatchState.APPLIED:
        messages.success(request, batch.message)
    elif batch.state not in jobs.AT_WORK:
        messages.error(request, batch.message)


def _undone(request, batch: ImportBatch) -> None:
    """What came of an undo, where no worker does it later: the page itself says why it did not happen."""
    if batch.state == BatchState.UNDONE:
        messages.success(request, f"已撤销“{batch.file_name}”的导入，{batch.organization.name}恢复到导入前的内容。")


def _blocked(batch: ImportBatch) -> UndoBlocked | None:
    """What stood in the way when the batch was to be taken back the last time."""
    reasons = (batch.undo_refused or {}).get("reasons")
    return UndoBlocked(reasons, batch.undo_refused["more"]) if reasons else None


def _page(request, batch: ImportBatch, *, status: int = 200, **more):
    """The page of a batch; `more` are forms with what is wrong in them."""
    context = {
        "batch": batch,
        "line": batch_line(batch),
        "steps": _steps(batch),
        "again_url": address("imports", node=batch.organization.uid, kind=batch.kind),
        "is_own": batch.uploaded_by_id == request.user.pk,
    }
    if batch.state in jobs.AT_WORK:
        context |= _progress(batch)
    else:
        context |= preview_context(batch, show=request.GET.get("show", ""), page=request.GET.get("page"))
        context |= _choices(batch, context["counts"])
        context |= choices_context(batch)
        found = context["problems"] or context["notes"] or context["file_problems"]
        context["has_marked_copy"] = bool(found) and batch.state != BatchState.UNCHECKED
        context["columns_form"] = columns_form(batch)
        context["close_form"] = CloseListForm() if context["has_open_list"] else None
        context["blocked"] = _blocked(batch)
        context["later"] = _later(batch, request.user) if context["blocked"] else []
    return render(request, "imports/batch.html", context | more, status=status)


def _progress(batch: ImportBatch) -> dict:
    """How far a batch at work is."""
    has_begun = batch.state == BatchState.CHECKING and batch.progress_done > 0
    queued = set() if has_begun else jobs.waiting()
    return {
        "batch": batch,
        "line": batch_line(batch),
        "here": reverse("import_batch", args=[batch.uid]),
        "is_waiting": batch.uid in queued,
        "others": len(queued - {batch.uid}),
    }


def _steps(batch: ImportBatch) -> list[dict]:
    current = {BatchState.CHECKING: 2, BatchState.APPLYING: 4}
    current |= dict.fromkeys((BatchState.APPLIED, BatchState.UNDOING, BatchState.UNDONE), 5)
    labels = ("上传文件", "系统核对", "查看问题、确认导入", "写入", "完成")
    return [
        {"label": label, "is_current": number == current.get(batch.state, 3)}
        for number, label in enumerate(labels, start=1)
    ]


def _choices(batch: ImportBatch, counts: dict[str, int]) -> dict:
    """What may be done with a batch that is at rest."""
    good, bad = counts.get("good", 0), counts.get("bad", 0)
    may_confirm = batch.state in MAY_CONFIRM and good > 0
    return {
        "may_confirm": may_confirm and not bad,
        "may_confirm_good": may_confirm and bad > 0,
        "promise": promise(counts) if may_confirm else "",
        "may_undo": batch.state == BatchState.APPLIED,
        "may_check": batch.state == BatchState.UNCHECKED,
        "may_expire": batch.state in jobs.MAY_EXPIRE,
        "has_open_list": ImportBatch.objects.with_open_list().filter(pk=batch.pk).exists(),
        "good": good,
        "bad": bad,
    }


def promise(counts: dict[str, int]) -> str:
    """What a confirm will do, in one sentence."""
    done = [f"{word} {counts[name]} 行" for name, word in (("new", "新增"), ("changed", "变更")) if counts.get(name)]
    left = [
        f"{words} {counts[name]} 行{what}"
        for name, words, what in (
            ("unchanged", "无变化的", "不写入"),
            ("bad", "有错误的", "不写入，留作待改清单"),
        )
        if counts.get(name)
    ]
    return f"确认后将{'、'.join(done) if done else '不写入任何内容'}{'；' if left else ''}{'，'.join(left)}。"
