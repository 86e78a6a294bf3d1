"""The score sheet as a form: one line per opened bid, with review, reason and one score per criterion."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from yiwang.desks.evaluator.bid_documents import documents_of
from yiwang.kernel import formulas
from yiwang.kernel.formula_price import percent
from yiwang.kernel.text import Text, text_of
from yiwang.kernel.verdict import Reason
from yiwang.modules.bids import selectors as bids
from yiwang.modules.evaluations import selectors as evaluations
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.experts import selectors as experts
from yiwang.modules.tenders.selectors import law_of
from yiwang.ui.forms import ReasonError, UiForm
from yiwang.ui.shapes import File

NO_REASON = Reason(
    "review.reason",
    Text("否决投标必须写明理由", "rejecting a bid needs a reason"),
    article="招标投标法实施条例 第51条",
    passes=Text("写明对应的否决条款和事实", "name the ground and the facts"),
)
NO_OPINION = Reason("review.opinion", Text("请写明这份投标的优势、不足和风险", "say this bid's strengths, weaknesses and risks"))
NO_VERDICT = Reason("review.verdict", Text("请选择通过或否决", "choose pass or reject"))


@dataclass(frozen=True)
class Criterion:
    """One criterion of the formula: its key, name, full score as decimal text, and number of decimals."""

    key: str
    name: Text | str
    most: str
    places: int

    @property
    def step(self) -> str:
        """The finest step, for the browser."""
        return str(Decimal(1).scaleb(-self.places))


@dataclass(frozen=True)
class Line:
    """One bid's line of the sheet."""

    bid: Any
    verdict: BoundField
    reason: BoundField
    documents: list[File]
    deductions: list[tuple[str, BoundField]]
    opinion: BoundField | None
    scores: list[tuple[Criterion, BoundField]]


def criteria_of(formula: dict[str, Any]) -> list[Criterion]:
    """The criteria that evaluators score; none in a lowest-price formula."""
    found = []
    for row in formula.get("criteria") or ():
        name = text_of(row["name"]) if row.get("name") else row["key"]
        found.append(Criterion(row["key"], name, str(row["most"]), int(row.get("places", 2))))
    return found


def opened(tender: Any) -> list[Any]:
    """The bids that are evaluated: those that opened."""
    return [bid for bid in bids.opened(tender) if bid.standing == "opened"]


class SheetForm(UiForm, forms.Form):
    """All bids times all criteria. Cleaned data hold the finished ``sheet``."""

    def __init__(self, *args: Any, actor: Actor, tender: Any) -> None:
        self.tender = tender
        self.bids, self.criteria, self.formula = opened(tender), criteria_of(tender.formula), tender.formula
        seat = experts.own_seat(actor, tender)
        self.seat = seat.number if seat else 0
        self.separate = law_of(tender).award == "separate"
        self.claims = {bid.chain: evaluations.claimed(tender, bid) for bid in self.bids}
        super().__init__(*args)
        self.fields = dict(self._fields())
        self._fill_in(evaluations.carried_scores(actor, tender))

    def _fields(self) -> Any:
        for bid in self.bids:
            name = str(bid.party)
            yield f"pass-{bid.id.hex}", forms.ChoiceField(
                required=False,
                choices=[("yes", Text("通过", "pass")), ("no", Text("否决", "reject"))],
                label=Text(f"{name}：初步评审", f"{name}: preliminary review"),
                widget=forms.RadioSelect,
            )
            yield f"reason-{bid.id.hex}", forms.CharField(
                required=False,
                max_length=2000,
                label=Text(f"{name}：否决理由", f"{name}: reason"),
                widget=forms.Textarea(attrs={"rows": 1}),
            )
            for code in self.claims[bid.chain]:
                yield f"deduct-{bid.id.hex}-{code}", forms.BooleanField(required=False, label=self._deduction(name, code))
            if self.separate:
                yield f"opinion-{bid.id.hex}", forms.CharField(
                    required=False,
                    max_length=2000,
                    label=Text(f"{name}：优势、不足和风险", f"{name}: strengths, weaknesses, risks"),
                    widget=forms.Textarea(attrs={"rows": 2}),
                )
            for criterion in self.criteria:
                yield f"score-{bid.id.hex}-{criterion.key}", self._score(name, criterion)

    def _fill_in(self, given: dict[str, dict[str, str]]) -> None:
        """What the evaluator scored with the first envelope stands, and cannot be changed."""
        for bid in self.bids:
            for key, score in given.get(bid.chain, {}).items():
                field = self.fields[f"score-{bid.id.hex}-{key}"]
                field.initial, field.widget.attrs["readonly"] = score, True

    def _deduction(self, name: str, code: str) -> Text:
        row = next(each for each in self.formula["price"]["deductions"] if each["code"] == code)
        said = row.get("name") or {"zh": code, "en": code}
        share = percent(Decimal(str(row["rate"])))
        return Text(f"{name}：认可{said['zh']}，扣除 {share}", f"{name}: accept {said['en']}, {share} off")

    @staticmethod
    def _score(name: str, criterion: Criterion) -> forms.Field:
        shown = criterion.name if isinstance(criterion.name, Text) else Text(criterion.name, criterion.name)
        attrs = {"inputmode": "decimal", "autocomplete": "off", "size": 6, "data-most": criterion.most,
                 "data-places": criterion.places}  # fmt: skip
        return forms.CharField(
            required=False,
            max_length=12,
            label=Text(f"{name}：{shown.zh}", f"{name}: {shown.en}"),
            widget=forms.TextInput(attrs=attrs),
        )

    @property
    def lines(self) -> list[Line]:
        """The lines of the sheet, for the page."""
        return [
            Line(
                bid,
                self[f"pass-{bid.id.hex}"],
                self[f"reason-{bid.id.hex}"],
                documents_of(self.tender, bid),
                [(text, self[f"deduct-{bid.id.hex}-{code}"]) for code, text in self.claims[bid.chain].items()],
                self[f"opinion-{bid.id.hex}"] if self.separate else None,
                [(each, self[f"score-{bid.id.hex}-{each.key}"]) for each in self.criteria],
            )
            for bid in self.bids
        ]

    def clean(self) -> dict[str, Any]:
        """The sheet, or every fault at its field."""
        data = super().clean() or self.cleaned_data
        review = {bid.chain: self._review(bid, data) for bid in self.bids}
        scores = {bid.chain: self._scores(bid, data) for bid in self.bids} if self.criteria else {}
        data["sheet"] = {"evaluator": str(self.seat), "review": review, "scores": scores}
        if self.criteria:
            self._check(scores)
        return data

    def _review(self, bid: Any, data: dict[str, Any]) -> dict[str, Any]:
        verdict, reason = data.get(f"pass-{bid.id.hex}"), (data.get(f"reason-{bid.id.hex}") or "").strip()
        if not verdict and f"pass-{bid.id.hex}" not in self.errors:
            self.add_error(f"pass-{bid.id.hex}", ReasonError(NO_VERDICT))
        if verdict == "no" and not reason:
            self.add_error(f"reason-{bid.id.hex}", ReasonError(NO_REASON))
        found: dict[str, Any] = {"pass": verdict == "yes", "reason": reason}
        if self.claims[bid.chain]:
            found["deductions"] = [code for code in self.claims[bid.chain] if data.get(f"deduct-{bid.id.hex}-{code}")]
        if self.separate:
            found["opinion"] = (data.get(f"opinion-{bid.id.hex}") or "").strip()
            if verdict == "yes" and not found["opinion"]:
                self.add_error(f"opinion-{bid.id.hex}", ReasonError(NO_OPINION))
        return found

    def _scores(self, bid: Any, data: dict[str, Any]) -> dict[str, str]:
        found = {}
        for each in self.criteria:
            typed = (data.get(f"score-{bid.id.hex}-{each.key}") or "").strip()
            try:
                value = Decimal(typed)
            except InvalidOperation:
                continue
            if value.is_finite():
                found[each.key] = typed
        return found

    def _check(self, scores: dict[str, dict[str, str]]) -> None:
        """Let the formula judge the scores, and put each fault at its own field."""
        sheet = formulas.Sheet.from_json({"evaluator": str(self.seat), "scores": scores})
        places = {f"scores.{bid.chain}.{each.key}": f"score-{bid.id.hex}-{each.key}" for bid in self.bids for each in self.criteria}
        for reason in formulas.check_sheet(self.formula, sheet, [bid.chain for bid in self.bids]).reasons:
            self.add_error(places.get(reason.field), ReasonError(reason))
