"""The ledger on the command line: the same rows and numbers as on the page and in the file."""

import datetime
import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from elections import ledger_file
from elections.finding_words import Reader
from elections.ledger import URGENCY, Filters, Ledger, Row
from elections.rules.wording import TITLES
from orgs.days import written
from orgs.enums import Kind, Severity, State
from orgs.models import Organization, User
from orgs.shell import ServerShell


class Command(BaseCommand):
    help = "输出某一党组织范围在某一天的换届台账（表格、JSON 或 Excel）。"

    def add_arguments(self, parser):
        parser.add_argument("--node", required=True, metavar="编码", help="党组织统一编码")
        parser.add_argument("--on", type=datetime.date.fromisoformat, metavar="日期", help="时点，缺省为今天")
        parser.add_argument(
            "--finding",
            action="append",
            choices=sorted(TITLES),
            default=[],
            metavar="规则编号",
            help="只列有这项提示的",
        )
        parser.add_argument(
            "--severity",
            action="append",
            choices=list(Severity),
            default=[],
            metavar="程度",
            help="只列有这种程度提示的：error、warning、info",
        )
        parser.add_argument("--format", choices=("table", "json", "xlsx"), default="table")
        parser.add_argument("--output", type=Path, metavar="文件", help="写入文件；缺省写到标准输出")
        parser.add_argument("--user", metavar="用户名", help="只输出该账号能看到的内容；缺省为服务器管理员")

    def handle(self, *, node, on, finding, severity, format, output, user, **options):
        user = self._user(user)
        try:
            organization = Organization.objects.visible_to(user).get(code=node)
        except Organization.DoesNotExist:
            raise CommandError(f"没有找到编码为“{node}”的党组织。") from None
        filters = Filters(findings=tuple(finding), severities=tuple(Severity(each) for each in severity))
        ledger = Ledger(user=user, node=organization, on=on or timezone.localdate(), filters=filters)
        content = {"table": as_table, "json": as_json, "xlsx": ledger_file.xlsx}[format](ledger)
        content = content if isinstance(content, bytes) else content.encode()
        if output:
            output.write_bytes(content)
        else:
            sys.stdout.flush()
            sys.stdout.buffer.write(content)

    def _user(self, name: str | None):
        if name is None:
            return ServerShell()
        try:
            return User.objects.get(username=name)
        except User.DoesNotExist:
            raise CommandError(f"没有账号“{name}”。") from None


def as_json(ledger: Ledger) -> str:
    """The ledger as the object that other programs read; states and kinds without rows are 0."""
    rows, summary, reader = ledger.rows("code"), ledger.summary(), Reader.of(ledger.user, under=ledger.node)
    return (
        json.dumps(
            {
                "on": ledger.on.isoformat(),
                "node": ledger.node.code,
                "total": summary.total,
                "kinds": {kind.value: summary.kinds[kind] for kind in Kind},
                "states": {state.value: summary.states[state] for state in URGENCY},
                "rows": [_json_row(row) for row in rows],
                "findings": [each for row in rows for each in _json_findings(row, reader)],
            },
            ensure_ascii=False,
            indent=1,
        )
        + "\n"
    )


def _json_row(row) -> dict:
    return {
        "code": row.code,
        "name": row.name,
        "kind": row.kind.value,
        "state": row.state.value,
        "days": row.days,
        "expires_on": written(row.expires_on, row.expires_on_precision),
        "extended_to": row.extended_to.isoformat() if row.extended_to else None,
        "inspection": row.inspection,
        "planned_on": written(row.term.planned_on, row.term.planned_on_precision) if row.term else None,
        "overdue_reason": row.term.overdue_reason or None if row.term else None,
        "findings": sorted({finding.rule_id for finding in row.findings}),
    }


def _json_findings(row: Row, reader: Reader) -> list[dict]:
    """What the law finds on a row, errors first: in words, with what it was judged by and what clears it."""
    return [
        {
            "code": row.code,
            "rule_id": finding.rule_id,
            "aspect": finding.aspect,
            "severity": finding.severity.value,
            "sentence": reader.words(finding, row.organization),
            "citation": finding.citation,
            "verified": finding.verified,
            "inputs": reader.inputs(finding, row.organization),
            "clears": finding.clears.label,
        }
        for finding in row.findings
    ]


def as_table(ledger: Ledger) -> str:
    """The ledger for people: the counts, then a line for each organization, the most urgent first."""
    summary = ledger.summary()
    counts = "，".join(f"{state.label} {summary.states[state]}" for state in URGENCY if summary.states[state])
    lines = [
        f"{ledger.node.name} 换届台账（时点 {ledger.on}）",
        f"共 {summary.total} 个党组织，应换届 {summary.expected} 个：{counts}",
        "",
    ]
    for row in ledger.rows():
        days = {State.OVERDUE: f"超 {row.days} 天"}.get(row.state, f"{row.days} 天" if row.days is not None else "")
        expires = written(row.expires_on, row.expires_on_precision) or ""
        lines.append("\t".join([row.code, row.name, row.kind.label, row.state.label, expires, days]).rstrip())
    return "\n".join(lines) + "\n"
