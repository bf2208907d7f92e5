"""A roster on the command line: the same steps, words and outcome as on the page (imports contract)."""

import datetime
import json
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from elections import imports
from elections.imports import background
from orgs import audit
from orgs.enums import Action, BatchState, RosterKind, Severity
from orgs.importing.open_lists import close_mended
from orgs.importing.preview import Preview
from orgs.importing.report import masked
from orgs.importing.report import report as report_of
from orgs.models import ImportBatch, Organization, User
from orgs.redaction import redact

REFUSED = 2
LISTED = 50


class Command(BaseCommand):
    help = "检查或导入一份名册。不带 --confirm 时只检查并保存预览；有错误行时不写入，除非同时给出 --partial。"

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=(*[kind.value for kind in RosterKind], "auto"), help="名册种类")
        parser.add_argument("file", type=Path, help="名册文件（.xlsx、.xls、.et、.csv 等）")
        parser.add_argument("--user", required=True, metavar="用户名", help="以哪个账号导入：只能写入该账号的管理范围")
        parser.add_argument("--on", type=datetime.date.fromisoformat, metavar="日期", help="名册日期，缺省为今天")
        parser.add_argument("--node", metavar="编码", help="为哪个党组织导入，缺省为该账号的全部范围")
        parser.add_argument("--confirm", action="store_true", help="没有错误行时写入")
        parser.add_argument("--partial", action="store_true", help="与 --confirm 合用：只写入无误的行")
        parser.add_argument("--report", type=Path, metavar="文件", help="把结果写成 JSON")
        parser.add_argument("--unmasked", action="store_true", help="JSON 中的身份证号和手机号不打码（记入审计日志）")

    def handle(self, *, kind, file, user, on, node, confirm, partial, report, unmasked, **options):
        if partial and not confirm:
            raise CommandError("--partial 须与 --confirm 合用。")
        if kind != "auto" and RosterKind(kind) not in imports.importer.by_kind:
            raise CommandError(f"「{RosterKind(kind).label}」暂不能导入。")
        by = self._user(user)
        organization = self._node(by, node)
        background.settle()
        try:
            batch = imports.upload(
                data=self._content(file),
                file_name=file.name,
                kind=kind,
                organization=organization,
                on=on or timezone.localdate(),
                by=by,
            )
        except imports.ImportRefused as refused:
            raise CommandError(str(refused)) from None
        refusal = self._confirm(batch, partial, by) if confirm and batch.state == BatchState.CHECKED else ""
        preview = imports.preview(batch)
        self._print(batch, preview)
        if report:
            self._write(report, batch, preview, unmasked=unmasked, by=by)
        if batch.state == BatchState.REJECTED:
            raise CommandError(batch.message, returncode=REFUSED)
        if refusal:
            raise CommandError(refusal, returncode=REFUSED)

    def _user(self, name: str) -> User:
        try:
            return User.objects.get(username=name, is_active=True)
        except User.DoesNotExist:
            raise CommandError(f"没有账号“{name}”，或者该账号已停用。") from None

    def _node(self, by: User, code: str | None) -> Organization:
        """The organization the roster is for: by its code, else the one outermost part of the tree that `by` edits."""
        editable = Organization.objects.editable_by(by)
        if code:
            try:
                return editable.get(code=code)
            except Organization.DoesNotExist:
                raise CommandError(f"没有找到编码为“{code}”的党组织，或者该账号不能为它导入。") from None
        tops = by.paths_allowing(Action.EDIT)
        if not tops:
            raise CommandError(f"账号“{by.username}”没有导入名册的权限。")
        if len(tops) > 1:
            raise CommandError(f"账号“{by.username}”管理多个党组织，请用 --node 指明为哪一个导入。")
        return Organization.objects.get(path=tops[0])

    def _content(self, file: Path) -> bytes:
        try:
            return file.read_bytes()
        except OSError as error:
            raise CommandError(f"无法读取文件“{file}”：{error.strerror}。") from None

    def _confirm(self, batch: ImportBatch, partial: bool, by: User) -> str:
        """Confirm; the sentence of a refusal, or '' when it was written."""
        try:
            close_mended(imports.confirm(batch=batch, partial=partial, by=by))
        except imports.ImportRefused as refused:
            batch.refresh_from_db()
            return str(refused)
        return ""

    def _print(self, batch: ImportBatch, preview: Preview) -> None:
        self.stdout.write(f"{batch.get_kind_display() or '名册'}「{batch.file_name}」，批次 {batch.uid}")
        self.stdout.write(batch.message)
        personal = self._personal(preview)
        titles = {(sheet.title, column) for sheet in preview.sheets for name, (column, _) in sheet.columns.items()
                  if name in personal}  # fmt: skip
        shown = [each for each in preview.issues if each.severity != Severity.INFO and each.row is not None]
        for each in shown[:LISTED]:
            value = masked(each.value) if (each.sheet, each.column) in titles else redact(each.value)
            place = f"{each.sheet} 第{each.row}行" + (f" 第{each.column}列「{each.header}」" if each.column else "")
            self.stdout.write(f"{each.severity.label}  {place}  {value}  {redact(each.message)}  [{each.code.value}]")
        if len(shown) > LISTED:
            self.stdout.write(f"……另有 {len(shown) - LISTED} 处，见 --report 写出的结果。")

    def _personal(self, preview: Preview) -> frozenset[str]:
        return imports.importer.by_kind[RosterKind(preview.kind)].personal_fields() if preview.kind else frozenset()

    def _write(self, path: Path, batch: ImportBatch, preview: Preview, *, unmasked: bool, by: User) -> None:
        if unmasked:
            if not by.may(Action.EDIT, batch.organization):
                raise PermissionDenied
            audit.record_event(
                kind="import.report_unmasked",
                target=batch,
                organization=batch.organization,
                by=by,
                changes={"rows": [None, preview.counts.get("rows", 0)]},
            )
        made = report_of(batch, preview, self._personal(preview), unmasked=unmasked)
        path.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
