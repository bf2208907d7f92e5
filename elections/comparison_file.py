"""时点对比 as an Excel file: the counts of both days, and every organization that changed its state with why."""

from elections.comparison import Comparison
from orgs.days import spoken
from orgs.exporting import Column, SheetSpec, write_xlsx

COUNTS = "状态对比"
CHANGES = "状态变化名单"


def xlsx(comparison: Comparison) -> bytes:
    """Both tables of the page, each on its own sheet; all rows that its filters leave."""
    first, last = spoken(comparison.first), spoken(comparison.last)
    heading = f"{comparison.node.name} 时点对比（{first}—{last}；按现行隶属关系）"
    counts = [[line.label, line.first, line.last, line.difference, line.came, line.left] for line in comparison.lines()]
    changes = [
        [
            number,
            change.organization.code,
            change.name,
            change.kind.label,
            change.place.name if change.place else None,
            change.before.state.label,
            change.after.state.label,
            "；".join(change.reasons),
        ]
        for number, change in enumerate(comparison.changes(), start=1)
    ]
    return write_xlsx(
        [
            SheetSpec(
                COUNTS,
                [Column("项目", 20), *(Column(title, 16) for title in (first, last, "增减", "转入", "转出"))],
                counts,
                heading=heading,
            ),
            SheetSpec(
                CHANGES,
                [
                    Column("序号", 6),
                    Column("统一编码", 16),
                    Column("党组织名称", 36),
                    Column("组织类别", 10),
                    Column("所属党（工）委", 24),
                    Column(first, 16),
                    Column(last, 16),
                    Column("变化原因", 60),
                ],
                changes,
                heading=heading,
            ),
        ]
    )
