"""Rosters that nobody wrote down: a seed mixes kind, rows, traps, layout and form, and knows what must come of it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.zoo.mixing import committees, floating, members, organizations, terms
from tests.zoo.mixing.branches import BRANCHES
from tests.zoo.mixing.entries import Entry, set_traps
from tests.zoo.mixing.files import FORMS, Form, Page, damaged
from tests.zoo.mixing.layout import PLACINGS, Outcome, Sheet, columns_of, laid_out, merged_places

KINDS = {
    "members": members,
    "organizations": organizations,
    "terms": terms,
    "committee": committees,
    "floating": floating,
}
MOST_ROWS = 14
# Of so many files one is damaged and one is uploaded as what it is not.
DAMAGED = 14
OTHERS = {
    "members": "terms",
    "organizations": "members",
    "terms": "committee",
    "committee": "organizations",
    "floating": "terms",
}


@dataclass
class Mixed:
    """A file, and what must become of it.

    `outcomes` {(sheet, row): what becomes of the line}; `issues` codes of the file and of whole sheets; `rejected` the
    code of a file that is refused as a whole. `mix` knows the books before and after.
    """

    kind: str
    asked: str
    mix: object
    data: bytes = b""
    name: str = ""
    rejected: str = ""
    entries: list[Entry] = field(default_factory=list)
    outcomes: dict[tuple[str, int], Outcome] = field(default_factory=dict)
    issues: list[str] = field(default_factory=list)


def mixed(seed: int) -> Mixed:
    """The file of this seed; the kinds take turns."""
    chance = random.Random(seed)
    kind = list(KINDS)[seed % len(KINDS)]
    module = KINDS[kind]
    form = chance.choice(FORMS)
    file = Mixed(kind, chance.choice(["auto", kind]), module.Mix(chance))
    sheets = _sheets(file, module, form, chance)
    for sheet in sheets:
        file.outcomes |= {(sheet.page.title, row): outcome for row, outcome in sheet.outcomes.items()}
        file.issues += sheet.issues
    pages = [sheet.page for sheet in sheets]
    file.name = f"{pages[0].title}.{chance.choice(form.names)}"
    if form.has_sheets:
        pages += _beside(file, pages, chance)
        if chance.random() < 0.15:
            pages.insert(0, Page("Sheet1"))
        if chance.random() < 0.15:
            pages.append(Page("填表说明", [["一、本表一式两份。"], ["二、日期填写到日。"]]))
    file.data = form.write(pages, chance)
    if seed % DAMAGED == DAMAGED - 1:
        file.data, file.rejected = damaged(file.data, form, chance)
    elif seed % DAMAGED == DAMAGED - 2:
        file.asked, file.rejected = OTHERS[kind], "WRONG_KIND"
    return file


def _sheets(file: Mixed, module, form: Form, chance: random.Random) -> list[Sheet]:
    """One sheet, two, or one for each branch."""
    placing = chance.choice(PLACINGS) if module.SHAPE.may_leave_place else chance.choice(PLACINGS[:4])
    places = list(BRANCHES)
    count = chance.randrange(3, MOST_ROWS)
    if placing == "title":
        titles = ["一支部", "二支部", "村支部"] if form.has_sheets else ["花名册"]
        return [
            _sheet(file, title, module, form, placing, max(2, count // len(titles)), [place], number, chance)
            for number, (title, place) in enumerate(zip(titles, places, strict=False))
        ]
    titles = ["花名册"]
    if form.has_sheets and chance.random() < 0.25:
        titles = list(module.TWO_SHEETS) or titles
    return [
        _sheet(file, title, module, form, placing, max(2, count // len(titles)), places, number, chance)
        for number, title in enumerate(titles)
    ]


def _sheet(file, title, module, form, placing, count, places: Sequence[str], number: int, chance) -> Sheet:
    columns = file.mix.columns(columns_of(module.SHAPE, module.NEEDED, placing, chance), title)
    entries = file.mix.entries(columns, count, places)
    if placing in ("merged", "headings", "ditto") and not module.SHAPE.names_itself:
        entries = merged_places(entries)
    set_traps(entries, module.TRAPS, columns, chance, form.has_formulas)
    if placing not in ("headings", "merged") and chance.random() < 0.4:
        file.mix.disturb(entries)
    file.mix.finish(entries, columns)
    sheet = laid_out(title, module.SHAPE, columns, entries, placing, form, chance)
    file.entries += entries
    return sheet


def _beside(file: Mixed, pages: list[Page], chance: random.Random) -> list[Page]:
    """Sheets that hold no rows: a summary, a hidden list, a hidden copy of last year's."""
    found = []
    if chance.random() < 0.2:
        found.append(Page("汇总", [["支部", "人数"], ["一支部", 2], ["二支部", 1]]))
    if chance.random() < 0.2:
        found.append(Page("字典", [["男"], ["女"]], hidden=True))
    if chance.random() < 0.2:
        found.append(Page("旧表", [list(line) for line in pages[0].lines], hidden=True))
    file.issues += ["SHEET_SKIPPED"] * len(found)
    return found
