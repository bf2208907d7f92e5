"""Rosters: upload, the stored preview, confirm, undo, and the forms to fill in."""

from io import BytesIO

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from elections import imports as rosters
from elections.demo import samples
from elections.forms import UploadForm
from elections.views.addresses import address
from elections.views.frame import frame_of, without_part
from elections.views.ledger import XLSX
from elections.views.paging import page_links
from elections.views.preview import preview_context
from orgs.enums import Action, BatchState, RosterKind
from orgs.exporting import Column, template_xlsx
from orgs.importing.preview import kind_label
from orgs.importing.refusals import ImportRefused
from orgs.jobs import settle_interrupted
from orgs.models import ImportBatch
from orgs.refusals import Refused
from orgs.scoping import NOT_FOUND, get_visible_or_404

BATCHES = 20
# How a batch's state is colored: as the ledger's states, with the same meaning of alarm, work and done.
TONES = {
    BatchState.CHECKING: "in_election",
    BatchState.UNCHECKED: "overdue",
    BatchState.REJECTED: "overdue",
    BatchState.FAILED: "overdue",
    BatchState.CHECKED: "due_soon",
    BatchState.APPLYING: "in_election",
    BatchState.APPLIED: "in_term",
    BatchState.UNDONE: "no_data",
    BatchState.EXPIRED: "no_data",
}
INSTRUCTIONS = (
    "第一行示例导入时自动跳过，不必删除；其余每行填一条。",
    "身份证号所在列已设为文本格式，请不要改为数字格式。",
    "日期写作 2026-11-21；只知道年月的写作 2026-11。",
    "不要改动标题行；多出的列不会导入，导入前会逐列提示。",
)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request):
    """The upload form for a node and the batches so far; a POST checks a file and leads to its preview."""
    frame = frame_of(request, screen="imports")
    if frame is None:
        return without_part(request)
    may_upload = request.user.may(Action.EDIT, frame.node)
    form = UploadForm(request.POST or None, request.FILES or None, initial=_asked(request, frame))
    if request.method == "POST" and form.is_valid():
        try:
            batch = rosters.upload(
                data=form.cleaned_data["file"].read(),
                file_name=form.cleaned_data["file"].name,
                kind=form.cleaned_data["kind"],
                organization=frame.node,
                on=form.cleaned_data["on"],
                by=request.user,
            )
        except ImportRefused as refused:
            form.add_error(None, str(refused))
        else:
            return _to(request, batch)
    context = {"node": frame.node, "form": form, "may_upload": may_upload, "upload_url": frame.screen_of(frame.node)}
    context["start_url"] = address("start", node=frame.node.uid)
    if request.htmx:
        return render(request, "imports/list.html#upload", context)
    settle_interrupted()
    batches = ImportBatch.objects.visible_to(request.user).select_related("organization", "uploaded_by")
    batches = batches.defer("file_sealed", "preview_sealed")  # a list needs no file of twenty megabytes
    page = Paginator(batches.order_by("-created_at", "-id"), BATCHES).get_page(request.GET.get("page"))
    context |= {
        **frame.context(),
        "batches": [_line(batch) for batch in page.object_list],
        "page": page,
        "page_words": f"共 {page.paginator.count} 次，第 {page.start_index()}–{page.end_index()} 次",
        "pages": page_links(page, lambda number: address("imports", node=frame.node.uid, page=number)),
        "templates": [
            {"label": RosterKind(kind).label, "url": reverse("import_template", args=[kind])}
            for kind in rosters.importer.by_kind
        ],
        "samples": [
            {"label": samples.file_of(part).name, "url": reverse("import_sample", args=[part.uid])}
            for part in samples.offered_to(request.user)
        ],
    }
    return render(request, "imports/list.html", context)


def _asked(request, frame) -> dict:
    """What the form begins with: today, and the kind that the address names."""
    kind = request.GET.get("kind")
    return {"on": frame.today, "kind": kind if kind in rosters.importer.by_kind else ""}


def _to(request, batch):
    there = reverse("import_batch", args=[batch.uid])
    return HttpResponseClientRedirect(there) if request.htmx else redirect(there)


def _line(batch: ImportBatch) -> dict:
    return {
        "url": reverse("import_batch", args=[batch.uid]),
        "file_name": batch.file_name,
        "kind": kind_label(batch.kind),
        "organization": batch.organization.name,
        "uploaded_at": batch.created_at,
        "uploaded_by": batch.uploaded_by.get_full_name(),
        "state": BatchState(batch.state).label,
        "tone": TONES[batch.state],
        "good": batch.counts.get("good", 0),
        "bad": batch.counts.get("bad", 0),
    }


@login_required
@never_cache
@require_safe
def import_batch(request, uid):
    """What was found in a file: counts, problems, rows with a state for each cell, and what may be done next."""
    settle_interrupted()
    batch = get_visible_or_404(ImportBatch.objects.select_related("organization"), user=request.user, uid=uid)
    return render(
        request,
        "imports/batch.html",
        {
            "batch": batch,
            "line": _line(batch),
            **preview_context(batch, show=request.GET.get("show", ""), page=request.GET.get("page")),
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_confirm(request, uid):
    """Write the whole batch, or its good rows when the form says so."""
    batch = get_visible_or_404(ImportBatch, user=request.user, uid=uid)
    return _done(request, batch, rosters.confirm, partial=request.POST.get("partial") == "1")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_undo(request, uid):
    """Take the whole batch back."""
    batch = get_visible_or_404(ImportBatch, user=request.user, uid=uid)
    return _done(request, batch, rosters.undo)


def _done(request, batch: ImportBatch, step, **asked):
    """Take a step, say what came of it, and go back to the batch.

    A GET takes no step: whoever had to sign in again before the POST arrives by one and finds the batch as it is.
    """
    if request.method != "POST":
        messages.warning(request, "没有执行任何操作。请核对后重新点击。")
        return redirect("import_batch", uid=batch.uid)
    try:
        batch = step(batch=batch, by=request.user, **asked)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        undone = f"已撤销“{batch.file_name}”的导入，{batch.organization.name}恢复到导入前的内容。"
        messages.success(request, undone if batch.state == BatchState.UNDONE else batch.message)
    return redirect("import_batch", uid=batch.uid)


@login_required
@require_safe
def import_template(request, kind):
    """The form of a kind of roster, to be filled in: the columns that the import knows, with an example."""
    roster = rosters.importer.by_kind.get(kind)
    if roster is None:
        raise Http404(NOT_FOUND)
    title = RosterKind(kind).label
    fields = roster().get_export_fields()
    columns = [Column(field.column_name, 18, field.choices, field.hint, field.is_required) for field in fields]
    content = template_xlsx(title, columns, INSTRUCTIONS, [field.sample for field in fields])
    return FileResponse(BytesIO(content), as_attachment=True, filename=f"{title}模板.xlsx", content_type=XLSX)
