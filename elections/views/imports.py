"""Rosters: the upload, the batches so far, and the forms to fill in."""

from io import BytesIO

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
from elections.imports import background
from elections.imports.forms import BatchesForm, Standing
from elections.views.addresses import address
from elections.views.batches import batch_line
from elections.views.frame import frame_of, without_part
from elections.views.ledger import XLSX
from elections.views.paging import page_links
from orgs.enums import Action, RosterKind
from orgs.exporting import Column, template_xlsx
from orgs.importing.refusals import ImportRefused
from orgs.models import ImportBatch
from orgs.scoping import NOT_FOUND

BATCHES = 20
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
            batch = background.receive(
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
    if request.htmx and request.htmx.target == "upload":
        return render(request, "imports/list.html#upload", context)
    background.settle()
    context |= _batches(request, frame)
    if request.htmx:
        return render(request, "imports/list.html#batches", context)
    context |= {
        **frame.context(),
        "templates": [
            {"label": RosterKind(kind).label, "url": reverse("import_template", args=[kind])}
            for kind in rosters.importer.by_kind
        ],
        "samples": [
            {"label": path.name, "url": address("import_sample", part.uid, kind=kind)}
            for part in samples.offered_to(request.user)
            for kind, path in samples.files_of(part).items()
        ],
    }
    return render(request, "imports/list.html", context)


def _batches(request, frame) -> dict:
    """The batches that the user may see, as far as the address asks for them, the latest first."""
    asked = BatchesForm(request.GET)
    standing, kind = asked.chosen("standing"), asked.chosen("kind")
    batches = ImportBatch.objects.visible_to(request.user).select_related("organization", "uploaded_by")
    batches = asked.among(batches).defer("file_sealed", "preview_sealed")  # a list needs no file of twenty megabytes
    page = Paginator(batches.order_by("-created_at", "-id"), BATCHES).get_page(request.GET.get("page"))
    open_lists = set(
        ImportBatch.objects.with_open_list().filter(pk__in=[each.pk for each in page]).values_list("pk", flat=True)
    )
    lines = [{**batch_line(batch), "has_open_list": batch.pk in open_lists} for batch in page]

    def here(**params) -> str:
        return address("imports", **{"node": frame.node.uid, "standing": standing, "kind": kind, **params})

    return {
        "batches": lines,
        "is_filtered": bool(standing or kind),
        "is_at_work": any(line["is_at_work"] for line in lines),
        "here": here(page=page.number if page.number > 1 else None),
        "chips": [
            {"label": label, "url": here(standing=value), "is_current": value == standing}
            for value, label in [("", "全部"), *Standing.choices()]
        ],
        "kinds": [
            {"label": label, "url": here(kind=value), "is_current": value == kind}
            for value, label in [("", "各种名册"), *((each.value, each.label) for each in rosters.importer.by_kind)]
        ],
        "page": page,
        "page_words": f"共 {page.paginator.count} 次，第 {page.start_index()}–{page.end_index()} 次",
        "pages": page_links(page, lambda number: here(page=number)),
    }


def _asked(request, frame) -> dict:
    """What the form begins with: today, and the kind that the address names."""
    kind = request.GET.get("kind")
    return {"on": frame.today, "kind": kind if kind in rosters.importer.by_kind else ""}


def _to(request, batch):
    there = reverse("import_batch", args=[batch.uid])
    return HttpResponseClientRedirect(there) if request.htmx else redirect(there)


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
