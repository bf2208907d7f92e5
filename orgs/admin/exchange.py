"""Import and export of reference data and accounts in the admin.

The engine is django-import-export's (resources, widgets, results); reading, the
confirmation and writing of files are ours: its own confirm step is not bound to the
uploader, leaves files in /tmp, and its files turn text into formulas (security.md §1).
"""

import logging
from dataclasses import dataclass

import tablib
from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from import_export.results import RowResult

from orgs import audit, workbook
from orgs.admin import pending
from orgs.admin.tables import table_file, template_file
from orgs.exporting import Column
from orgs.importing.cleaned import text_of
from orgs.models import Organization
from orgs.scoping import NOT_ALLOWED

logger = logging.getLogger(__name__)
MB = 1024 * 1024
LIMITS = workbook.Limits(upload=2 * MB, rows=2_000, columns=40)
SECRET = "******"
WHAT = {
    RowResult.IMPORT_TYPE_NEW: "新增",
    RowResult.IMPORT_TYPE_UPDATE: "修改",
    RowResult.IMPORT_TYPE_SKIP: "不变",
    RowResult.IMPORT_TYPE_INVALID: "有误",
    RowResult.IMPORT_TYPE_ERROR: "有误",
}
FORMATS = (("xlsx", "Excel 工作簿（.xlsx）"), ("csv", "文本表格（.csv）"))


class UploadForm(forms.Form):
    """One file; what it is, is told by its bytes."""

    file = forms.FileField(label="表格文件", error_messages={"required": "请选择文件。", "empty": "文件是空的。"})


class ExportForm(forms.Form):
    """The form of the file."""

    format = forms.ChoiceField(label="文件格式", choices=FORMATS, initial="xlsx", widget=forms.RadioSelect)


@dataclass(frozen=True)
class PreviewRow:
    """What an import would do with one line of the file."""

    line: int
    what: str
    cells: tuple[str, ...]
    problems: tuple[str, ...]


class TableRefused(Exception):
    """The file cannot be imported; the message is a sentence for the user."""


class ExchangeAdmin:
    """Import and export for a ScopedAdmin; stands before it among the bases and names its `resource_class`."""

    resource_class = None
    # One transaction holds them all, so it has to be short.
    most_rows = 500

    def get_urls(self):
        wrap = self.admin_site.admin_view

        def page(address, view, name):
            return path(address, wrap(view), name=self.url_name(name).removeprefix("admin:"))

        return [
            page("import/", self.import_view, "import"),
            page("import/template/", self.template_view, "import_template"),
            page("import/<uuid:token>/", self.confirm_view, "import_confirm"),
            page("export/", self.export_view, "export"),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        query = request.GET.urlencode()
        exchange = {
            "import_url": reverse(self.url_name("import")) if self.has_add_permission(request) else "",
            "export_url": reverse(self.url_name("export")) + (f"?{query}" if query else ""),
        }
        return super().changelist_view(request, {"exchange": exchange, **(extra_context or {})})

    # ---- Import -----------------------------------------------------------------------------------------------------

    def import_view(self, request):
        """Choose a file; a readable one is kept for its preview."""
        self._require_import(request)
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                headers, rows, lines = self._read(form.cleaned_data["file"])
            except TableRefused as refusal:
                form.add_error("file", str(refusal))
            else:
                token = pending.keep(
                    request,
                    label=self.opts.label_lower,
                    file_name=form.cleaned_data["file"].name[:100],
                    headers=headers,
                    rows=rows,
                    lines=lines,
                )
                return HttpResponseRedirect(reverse(self.url_name("import_confirm"), args=[token]))
        return self._render(
            request,
            "admin/exchange/import.html",
            title=f"导入{self.opts.verbose_name}",
            form=form,
            columns=self._columns(),
            template_url=reverse(self.url_name("import_template")),
            most_rows=self.most_rows,
        )

    def template_view(self, request):
        """An empty table with the columns that an import knows."""
        self._require_import(request)
        resource = self.resource_class
        columns = [
            Column(
                title,
                width=22,
                choices=resource.drop_downs.get(title, ()),
                required=title in resource.required_columns,
            )
            for title in self._columns()
        ]
        made = template_file(self.opts.verbose_name, columns, resource.instructions, resource.example)
        return self._file(*made, f"{self.opts.verbose_name}导入模板.xlsx")

    def confirm_view(self, request, token):
        """What the import would do; a POST does it, once, wholly or not at all."""
        self._require_import(request)
        found = pending.take if request.method == "POST" else pending.look
        table = found(request, label=self.opts.label_lower, token=str(token))
        if table is None:
            return self._render(request, "admin/exchange/gone.html", status=410, title=f"导入{self.opts.verbose_name}")
        result = self._run(request, table, dry_run=request.method != "POST")
        if request.method == "POST" and not _problems(result):
            self.message_user(
                request,
                "导入完成：" + "，".join(f"{word} {number} 条" for word, number in _counts(result) if number) + "。",
                messages.SUCCESS,
            )
            return HttpResponseRedirect(reverse(self.url_name("changelist")))
        return self._render(
            request,
            "admin/exchange/preview.html",
            title=f"核对要导入的{self.opts.verbose_name}",
            file_name=table.file_name,
            headers=self._columns(),
            rows=self._preview(table, result),
            counts=_counts(result),
            problems=_problems(result),
            again=request.method != "POST",
        )

    def _run(self, request, table, *, dry_run):
        dataset = tablib.Dataset(*table.rows, headers=table.headers)
        resource = self.resource_class(user=request.user)
        return resource.import_data(dataset, dry_run=dry_run, rollback_on_validation_errors=True)

    def _read(self, upload) -> tuple[list[str], list[list[str]], list[int]]:
        """Headers, rows and their line numbers of the first sheet with our columns; TableRefused in words."""
        if upload.size > LIMITS.upload:
            raise TableRefused(f"文件超过 {LIMITS.upload // MB} MB，请拆成几个文件分别导入。")
        try:
            book = workbook.read(upload.read(), upload.name, LIMITS)
        except workbook.FileRejected as rejected:
            raise TableRefused(rejected.message) from None
        titles = {workbook.title_key(title): title for title in self._columns()}
        for sheet in book.sheets:
            header = workbook.find_header(sheet, titles)
            if header is not None:
                break
        else:
            raise TableRefused("没有找到标题行。请下载模板，把内容填在模板的各列下再导入。")
        missing = [title for title in self._columns() if title not in header.columns]
        if missing:
            raise TableRefused(f"缺少这些列：{'、'.join(missing)}。请按模板补上标题，内容可以留空。")
        rows = [row for row in sheet.rows if row.number > header.last and not workbook.is_example(row.cells)]
        if not rows:
            raise TableRefused("标题行下面没有内容。")
        if len(rows) > self.most_rows:
            raise TableRefused(f"一次最多导入 {self.most_rows} 行，请拆成几个文件分别导入。")
        cells = [[text_of(row.cells[column - 1]) for column in header.columns.values()] for row in rows]
        return list(header.columns), cells, [row.number for row in rows]

    def _preview(self, table, result) -> list[PreviewRow]:
        """Each line with what would become of it, a change as old → new; secrets never."""
        shown = []
        for values, line, row in zip(table.rows, table.lines, result.rows, strict=True):
            given = dict(zip(table.headers, values, strict=True))
            cells = tuple(self._cell(field, given, row) for field in self.resource_class.columns())
            shown.append(PreviewRow(line, WHAT[row.import_type], cells, self._sentences(row)))
        return shown

    def _cell(self, field, given: dict, row) -> str:
        value = given.get(field.column_name, "")
        if field.column_name in self.resource_class.secret_columns:
            return SECRET if value else ""
        if row.import_type == RowResult.IMPORT_TYPE_UPDATE and field.attribute:
            old, new = field.export(row.original), field.export(row.instance)
            return new if old == new else f"{old or '（空）'} → {new or '（空）'}"
        return value

    def _sentences(self, row) -> tuple[str, ...]:
        """What is wrong with a line, field by field; of an unforeseen error only that it happened."""
        if row.errors:
            logger.error("import of a row failed", exc_info=row.errors[0].error)
            return ("系统无法处理这一行，请核对内容后重试。",)
        if row.validation_error is None:
            return ()
        if not hasattr(row.validation_error, "error_dict"):
            return tuple(row.validation_error.messages)
        labels = {field.name: field.verbose_name for field in self.opts.concrete_fields}
        return tuple(
            sentence if name == NON_FIELD_ERRORS else f"{labels.get(name, name)}：{sentence}"
            for name, sentences in row.validation_error.message_dict.items()
            for sentence in sentences
        )

    # ---- Export -----------------------------------------------------------------------------------------------------

    def export_view(self, request):
        """The rows of the list, with its present filters, as a file; written into the log."""
        if not self.has_view_permission(request):
            raise PermissionDenied(NOT_ALLOWED)
        try:
            found = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return HttpResponseRedirect(reverse(self.url_name("changelist")))
        form = ExportForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            resource = self.resource_class(user=request.user)
            dataset = resource.export(found)
            rows = [[cell or None for cell in row] for row in dataset]
            file_format = form.cleaned_data["format"]
            audit.record_event(
                kind="export",
                organization=self._place(request),
                by=request.user,
                changes={"what": [None, self.opts.label_lower], "rows": [None, len(dataset)]},
            )
            made = table_file(file_format, self.opts.verbose_name, dataset.headers, rows)
            return self._file(*made, f"{self.opts.verbose_name}{timezone.localdate():%Y%m%d}.{file_format}")
        return self._render(
            request,
            "admin/exchange/export.html",
            title=f"导出{self.opts.verbose_name}",
            form=form,
            count=found.count(),
            columns=[title for title in self._columns() if title not in self.resource_class.secret_columns],
        )

    # ---- Helpers ----------------------------------------------------------------------------------------------------

    def _require_import(self, request):
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied(NOT_ALLOWED)

    def _columns(self) -> list[str]:
        return [field.column_name for field in self.resource_class.columns()]

    def _place(self, request):
        """The organization an event about the user's whole scope is written under."""
        tops = self.allowed_paths(request, self.rows.read_action)
        return Organization.objects.filter(path__in=tops).order_by("path").first()

    def _render(self, request, template, *, status=200, **context):
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "list_url": reverse(self.url_name("changelist")),
            "import_url": reverse(self.url_name("import")),
            **context,
        }
        return TemplateResponse(request, template, context, status=status)

    def _file(self, content: bytes, media_type: str, file_name: str):
        response = HttpResponse(content, content_type=media_type)
        response.headers["Content-Disposition"] = content_disposition_header(True, file_name)
        return response


def _problems(result) -> int:
    return len(result.base_errors) + sum(
        row.import_type in (RowResult.IMPORT_TYPE_ERROR, RowResult.IMPORT_TYPE_INVALID) for row in result.rows
    )


def _counts(result) -> list[tuple[str, int]]:
    totals = result.totals
    return [
        ("新增", totals[RowResult.IMPORT_TYPE_NEW]),
        ("修改", totals[RowResult.IMPORT_TYPE_UPDATE]),
        ("不变", totals[RowResult.IMPORT_TYPE_SKIP]),
        ("有误", totals[RowResult.IMPORT_TYPE_INVALID] + totals[RowResult.IMPORT_TYPE_ERROR]),
    ]
