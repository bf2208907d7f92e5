"""What the cell 职务 of a committee roster says: posts of the Party's bodies, and of the village's committee. Pure."""

import re
from dataclasses import dataclass

from orgs.enums import Body, Seat, Title
from orgs.importing.cleaned import BLANK, Cleaned, Problem
from orgs.importing.codes import Code
from orgs.importing.values import clean_text
from orgs.importing.words import word_key

SEPARATORS = re.compile(r"[、，,/;；+]|兼任|(?<!^)兼(?!职)")
# 「书记（主任）」 names two posts; the brackets of 「村（居）委会」 none.
SECOND_POST = re.compile(r"(?<=书记)[（(]([^（）()]*)[)）]")
VILLAGE = re.compile(r"村委|居委|村民委员会|居民委员会|村\(居\)委|村务监督|^(副)?主任$|^(村|居)民?小组长$|^会计$")
DISCIPLINE = re.compile(r"^(机关)?纪(律检查)?委(员会)?(?!员)")
WORK = {
    "组织": Title.ORGANIZATION,
    "宣传": Title.PUBLICITY,
    "纪检": Title.DISCIPLINE,
    "纪律检查": Title.DISCIPLINE,
    "统战": Title.UNITED_FRONT,
    "青年": Title.YOUTH,
}
MEMBERS = ("委员", "常委", "支委")
CHOICES = tuple(title.label for title in Title)


@dataclass(frozen=True, slots=True)
class Duty:
    """What a person does: Party titles, the seat and body that the words imply, posts of the village's committee."""

    text: str
    titles: tuple[Title, ...] = ()
    seat: Seat | None = None
    body: Body | None = None
    village: str = ""

    def __str__(self) -> str:
        return self.text


def clean_duty(cell) -> Cleaned:
    """The `Duty` of a cell; a part nobody understands is ENUM_UNKNOWN."""
    cleaned = clean_text(cell)
    if not isinstance(cleaned.value, str):
        return cleaned if cleaned.problems else BLANK
    titles: list[Title] = []
    village, unknown = [], False
    seat = body = None
    for part in filter(None, (each.strip() for each in SEPARATORS.split(SECOND_POST.sub(r"、\1", cleaned.value)))):
        key = word_key(part)
        if VILLAGE.search(key):
            village.append(part)
            continue
        if DISCIPLINE.match(key):
            body = Body.DISCIPLINE
        if "第一书记" in key:
            seat = Seat.FIRST_SECRETARY
        elif key.startswith("兼职"):
            seat = Seat.CONCURRENT
        found = _titles(key)
        unknown = unknown or not found
        titles.extend(title for title in found if title not in titles)
    problems = (Problem(Code.ENUM_UNKNOWN, {"choices": "、".join(CHOICES)}),) if unknown else ()
    if not titles and not village:
        return Cleaned(None, problems)
    return Cleaned(Duty(cleaned.value, tuple(titles), seat, body, "、".join(village)), problems)


def _titles(key: str) -> list[Title]:
    if key.endswith("副书记"):
        return [Title.DEPUTY_SECRETARY]
    if key.endswith("书记"):
        return [Title.SECRETARY]
    work = list(dict.fromkeys(title for word, title in WORK.items() if word in key))
    if work and (key.endswith(MEMBERS) or key in WORK):
        return work
    return [Title.COMMITTEE_MEMBER] if key.endswith(MEMBERS) else []
