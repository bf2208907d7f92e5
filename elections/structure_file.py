"""The structure page as an Excel file: each table on a sheet of its own, and the organizations behind it."""

from elections.rules import sizes
from elections.rules.sizes import Demand
from elections.structure import UNKNOWN, Detail, Selection, Structure, Table
from orgs.days import spoken
from orgs.enums import Form
from orgs.exporting import Column, SheetSpec, write_xlsx

LIST_COLUMNS = (
    Column("序号", 6),
    Column("统一编码", 16),
    Column("党组织名称", 36),
    Column("组织类别", 10),
    Column("组织形式", 10),
    Column("单位类别", 10),
    Column("下级单位", 24),
    Column("党员数", 8),
    Column("其中正式党员", 12),
    Column("党员数依据", 16),
    Column("核对结果", 40),
    Column("依据", 48),
)
SHARE = "占比"


def xlsx(structure: Structure, selection: Selection, asked: str = "") -> bytes:
    """All tables of the node, and the organizations of the selection (`asked` in words), as bytes of an .xlsx."""
    heading = f"{structure.node.name} 组织设置（时点：{spoken(structure.on)}）"
    chosen = f"{heading}{'；筛选：' + asked if asked else ''}"
    return write_xlsx(
        [
            SheetSpec("类别与规模", *_cross("组织类别", structure.by_kind()), heading=f"{heading} 党员人数分档"),
            SheetSpec(
                "正式党员分档", *_cross("组织类别", structure.by_full_members()), heading=f"{heading} 党支部正式党员"
            ),
            SheetSpec("可设应设", *_asked(structure), heading=heading),
            SheetSpec("按单位类别", *_demands("单位类别", structure.by_unit_type()), heading=heading),
            SheetSpec("按下级", *_demands("下级单位", structure.by_place()), heading=heading),
            SheetSpec("名单", LIST_COLUMNS, _list(structure, selection), heading=chosen),
        ]
    )


def _cross(title: str, table: Table) -> tuple[list[Column], list[list]]:
    columns = [Column(title, 12)]
    for name in table.columns:
        columns += [Column(name, 10), Column(SHARE, 8)]
    return columns, [_with_shares(row) for row in (*table.rows, table.total)]


def _with_shares(row) -> list:
    return [row.label, *(value for cell in row.cells for value in (cell.number, cell.share or None))]


def _asked(structure: Structure) -> tuple[list[Column], list[list]]:
    columns = [
        Column("项目", 40),
        Column("党组织数", 10),
        Column("全部党委、党总支、党支部", 14),
        Column(SHARE, 8),
        Column("同类", 18),
        Column("同类数", 10),
        Column("占同类比", 10),
        Column("依据", 60),
    ]
    rows = []
    for each in structure.asked():
        found = sizes.entries(each.demand, structure.law, structure.on)
        rows.append(
            [
                each.label,
                each.of_all.number,
                each.of_all.of,
                each.of_all.share or None,
                each.reach.label,
                each.of_like.of,
                each.of_like.share or None,
                "；".join(
                    dict.fromkeys(entry.citation + (f"（{entry.label}）" if entry.label else "") for entry in found)
                ),
            ]
        )
    return columns, rows


def _demands(title: str, table: Table) -> tuple[list[Column], list[list]]:
    columns = [Column(title, 28), *(Column(name, 12) for name in table.columns)]
    return columns, [[row.label, *(cell.number for cell in row.cells)] for row in (*table.rows, table.total)]


def _list(structure: Structure, selection: Selection) -> list[list]:
    places = {each.path: each.name for each in structure.places}
    return [
        _cells(number, detail, places.get(detail.line.place), structure)
        for number, detail in enumerate(structure.details(structure.select(selection)), start=1)
    ]


def _cells(number: int, detail: Detail, place: str | None, structure: Structure) -> list:
    line, findings = detail.line, detail.findings.values()
    count, is_known = line.headcount, line.band != UNKNOWN
    return [
        number,
        detail.organization.code,
        detail.name,
        line.kind.label,
        line.form.label if line.form != Form.ORDINARY else None,
        line.unit_type.label if line.unit_type else None,
        place,
        count.total if is_known else None,
        count.full if is_known else None,
        count.basis.label,
        "、".join(_words(demand, structure) for demand in detail.findings) or None,
        "；".join(dict.fromkeys(each.citation + (f"（{each.label}）" if each.label else "") for each in findings))
        or None,
    ]


def _words(demand: Demand, structure: Structure) -> str:
    return sizes.words(demand, structure.law, structure.on)
