"""What a model is taught with and judged by: matters that are decided and done.

Only the numberless words of a matter are read (`engines.triage.texts`); contacts are not. Matters
of one person serve for the same thing, and what fewer than five people said is in no model.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.cases.learned import CATEGORY, HEADS, TRIAGE
from yukuai.cases.models import Case, Category
from yukuai.cases.rules import CategoryRule, suggest
from yukuai.cases.states import ANSWERED_FOR_GOOD
from yukuai.engines.triage import Corpus, Example, Guess, Model, Settings, measure, train
from yukuai.engines.triage.texts import JUDGE

SETTINGS = Settings()
LEAST_JUDGED = 100
"""With fewer judged texts no version takes another's place by itself (产品设定)."""
Figures = dict[str, Any]


def list_lessons(actor: Actor, *, areas: Sequence[str] = ()) -> Iterator[Example]:
    """Whole matters with the category and the triage they ended with, of these areas alone if any
    are named; for commands, a stretch at a time."""
    policy.require_anywhere(actor, Permission.CATEGORY_MANAGE)
    rows = Case.objects.filter(
        state__in=ANSWERED_FOR_GOOD, parent=None, category__isnull=False
    ).exclude(triage="")
    rows = policy.visible(actor, Permission.CASE_VIEW, rows).order_by("pk")
    fields = (
        "pk",
        "area",
        "body",
        "wanted",
        "category__code",
        "triage",
        "phone_hash",
        "reporter_id",
    )
    for pk, area, body, wanted, code, triage, phone, user in rows.values_list(*fields).iterator():
        if not areas or area.startswith(tuple(areas)):
            origin = phone or (f"user:{user}" if user else f"case:{pk}")
            yield Example(f"{body}\n{wanted}", {CATEGORY: code, TRIAGE: triage}, origin)


@dataclass
class Lesson:
    """A training and its figures, not yet kept."""

    model: Model
    texts: int
    figures: Figures
    judged: list[Example] = field(default_factory=list)


def learn(examples: Iterable[Example], *, rules: Sequence[CategoryRule], day: str) -> Lesson:
    """Pure: whoever calls read the examples in his own scope. `rules` know categories by code."""
    judged: list[Example] = []

    def keeping() -> Iterator[Example]:
        for example in examples:
            if example.part == JUDGE:
                judged.append(example)
            yield example

    corpus = Corpus.read(keeping(), least_origins=SETTINGS.least_origins)
    model = train(corpus, heads=HEADS, settings=SETTINGS, trained_on=day)
    figures = figures_of(model, judged) | {"words": word_figures(rules, judged)}
    return Lesson(model, len(corpus.rows), figures, judged)


def figures_of(model: Model, judged: Sequence[Example]) -> Figures:
    return {
        head: measure([(e.labels[head], model.ask(head, e.text)) for e in judged]).as_data()
        for head in HEADS
    }


def word_figures(rules: Sequence[CategoryRule], judged: Sequence[Example]) -> Figures:
    codes = {place: rule.name for place, rule in enumerate(rules)}
    numbered = [_numbered(rule, number) for number, rule in enumerate(rules)]
    found = [suggest(e.text, numbered) for e in judged]
    said = {
        CATEGORY: [
            Guess(codes[f.category_id]) if f.category_id is not None else Guess() for f in found
        ],
        TRIAGE: [Guess(f.triage) for f in found],
    }
    return {
        head: measure(
            [(e.labels[head], g) for e, g in zip(judged, said[head], strict=True)]
        ).as_data()
        for head in HEADS
    }


def _numbered(rule: CategoryRule, number: int) -> CategoryRule:
    return CategoryRule(number, rule.name, rule.words, rule.triage, rule.why)


def word_rules(actor: Actor) -> list[CategoryRule]:
    """The word rules in use; the name is the code, by which decided matters are known."""
    rows = Category.objects.filter(active=True).order_by("order", "code")
    return [CategoryRule(c.pk, c.code, tuple(c.words), c.triage, c.why) for c in rows]


def beats(new: Figures, old: Figures) -> bool:
    """Of two sets of figures on the same texts: more of what was decided is found, and what is
    said is no less often right, or right nine times in ten."""
    ours, theirs = new[CATEGORY], old[CATEGORY]
    if ours["texts"] < LEAST_JUDGED:
        return False
    right = ours["precision"] >= min(theirs["precision"], SETTINGS.precision)
    triage = new[TRIAGE]["precision"] >= min(old[TRIAGE]["precision"], SETTINGS.precision)
    return bool(right and triage and ours["macro_f1"] > theirs["macro_f1"])
