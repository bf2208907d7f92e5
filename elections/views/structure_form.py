"""What may be asked of the structure page through an address."""

from django import forms

from elections.rules.sizes import Band, Demand
from elections.structure import KINDS, NO_TYPE, UNKNOWN, Selection, Structure
from orgs.enums import UnitType
from orgs.models import Organization

TYPES = [*UnitType.choices(), (NO_TYPE, "未登记单位类别")]
UNKNOWN_WORDS = "人数未知"


class ScopeForm(forms.Form):
    """The unit type that all tables are narrowed to; none for all."""

    only = forms.ChoiceField(
        label="统计范围",
        required=False,
        choices=[("", "全部单位类别"), *TYPES],
        widget=forms.Select(attrs={"class": "form-select"}),
    )


class SelectionForm(forms.Form):
    """Which of the organizations are listed, and the page; every field may be missing, a wrong one is left out.

    The bands are those of the day; `places` are the node and its direct children by uid.
    """

    kind = forms.ChoiceField(
        label="类别", required=False, choices=[("", "全部类别"), *((each.value, each.label) for each in KINDS)]
    )
    band = forms.ChoiceField(label="党员人数", required=False)
    full = forms.ChoiceField(label="正式党员", required=False)
    unit_type = forms.ChoiceField(label="单位", required=False, choices=[("", "全部单位类别"), *TYPES])
    place = forms.UUIDField(label="下级", required=False)
    demand = forms.ChoiceField(label="核对结果", required=False, choices=[("", "全部"), *Demand.choices()])
    page = forms.IntegerField(label="页码", required=False, min_value=1, max_value=10**7)

    def __init__(self, data, *, structure: Structure):
        super().__init__(data)
        self.structure = structure
        self.fields["band"].choices = _bands(structure.bands, "党员")
        self.fields["full"].choices = _bands(structure.full_bands, "正式党员")

    def clean_place(self) -> Organization | None:
        uid = self.cleaned_data["place"]
        place = next((each for each in self.structure.places if each.uid == uid), None)
        if uid and place is None:
            raise forms.ValidationError("本级没有这个下级党组织。")
        return place

    def selection(self) -> Selection:
        """The organizations that the right fields ask for."""
        asked = self.cleaned_data
        place = asked.get("place")
        return Selection(
            kind=next((each for each in KINDS if each.value == asked.get("kind")), None),
            band=asked.get("band") or None,
            full_band=asked.get("full") or None,
            unit_type=asked.get("unit_type") or None,
            place=place.path if place else None,
            demand=asked.get("demand") or None,
        )

    def kept(self) -> dict:
        """The parameters that say which rows, as an address carries them: without the page."""
        asked = self.cleaned_data
        place = asked.get("place")
        kept = {name: asked.get(name) for name in ("kind", "band", "full", "unit_type", "demand")}
        return {**kept, "place": place.uid if place else None}

    def words(self, demand_words) -> str:
        """What is asked for in words; empty when all are. `demand_words` puts a Demand into words."""
        asked = self.cleaned_data
        parts = [
            dict(self.fields[name].choices)[asked[name]]
            for name in ("kind", "band", "full", "unit_type")
            if asked.get(name)
        ]
        if place := asked.get("place"):
            parts.append(f"{place.name}本级" if place == self.structure.node else place.name)
        if asked.get("demand"):
            parts.append(demand_words(Demand(asked["demand"])))
        return "；".join(parts)


def _bands(bands: tuple[Band, ...], who: str) -> list[tuple[str, str]]:
    return [("", "全部"), *((band.code, f"{who}{band.label}名") for band in bands), (UNKNOWN, UNKNOWN_WORDS)]
