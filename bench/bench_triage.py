"""What the learned suggestion is worth beside the word rules. Run by `make bench`; one JSON line a
figure. The texts are synthetic (`seed/triage_wording.csv`), the wordings judged were never counted.

    PUBLIC_TEXTS=messages.csv python bench/bench_triage.py

measures the same engine on texts of others (columns text, label, origin; UTF-8) as well: taught on
eleven in twenty of their writers, judged on three in twenty it never saw (docs/triage.md).
"""

import csv
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.complaints import SEED, complaints, demo_texts, free_texts
from yukuai.cases.rules import CategoryRule, suggest
from yukuai.engines.triage import Corpus, Example, Guess, Model, Settings, judge, measure, train

HEADS = ("category", "triage")
Texts = Sequence[tuple[str, dict[str, str]]]
Says = Callable[[str, str], Guess]


def word_rules() -> Says:
    with (SEED / "categories.csv").open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: (int(row["order"]), row["code"]))
    rules = [
        CategoryRule(int(r["code"]), r["name"], tuple(r["words"].split()), r["triage"], r["why"])
        for r in rows
    ]

    def says(head: str, text: str) -> Guess:
        found = suggest(text, rules)
        if found.category_id is None:
            return Guess()
        return Guess(f"{found.category_id:02}" if head == "category" else found.triage)

    return says


def report(name: str, value: object, unit: str, **parameters: object) -> None:
    machine = f"{platform.machine()}, {os.cpu_count()} cores"
    line = {"name": name, "value": value, "unit": unit, "machine": machine}
    print(json.dumps(line | {"parameters": parameters}, ensure_ascii=False))


def compare(name: str, texts: Texts, voices: dict[str, Says]) -> None:
    for head in HEADS:
        for who, says in voices.items():
            figures = measure([(labels[head], says(head, text)) for text, labels in texts])
            data = figures.as_data()
            data.pop("labels")
            report(f"triage suggestion: {name}", data, "per mille", head=head, by=who)


def compare_public(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    examples = [Example(r["text"], {"category": r["label"]}, r["origin"]) for r in rows]
    settings = Settings()
    corpus = Corpus.read(examples, least_origins=settings.least_origins)
    model = train(corpus, heads=HEADS[:1], settings=settings)
    figures = judge(model, "category", examples).as_data()
    labels = figures.pop("labels")
    report("triage suggestion: public texts", figures, "per mille", texts=len(rows), head="label")
    for label, data in labels.items():
        report("triage suggestion: public texts", data, "per mille", label=label)


def trained() -> Model:
    settings = Settings()
    corpus = Corpus.read(complaints(), least_origins=settings.least_origins)
    return train(corpus, heads=HEADS, settings=settings)


def main() -> None:
    model = trained()
    voices = {"learned": model.ask, "word rules": word_rules()}
    judged = [(e.text, dict(e.labels)) for e in complaints() if e.part == 3]
    compare("wordings never counted", judged, voices)
    compare("free texts", free_texts(), voices)
    compare("demo matters", demo_texts(), voices)
    if path := os.environ.get("PUBLIC_TEXTS"):
        compare_public(Path(path))
    spans = []
    for text, _ in judged:
        start = time.perf_counter()
        model.ask("category", text), model.ask("triage", text)
        spans.append((time.perf_counter() - start) * 1000)
    report("triage suggestion: one text, both heads", round(statistics.median(spans), 3), "ms")
    many = complaints(each=70)
    start = time.perf_counter()
    train(Corpus.read(many, least_origins=5), heads=HEADS)
    report("triage training", round(time.perf_counter() - start, 1), "s", texts=len(many))
    report("triage model", len(model.dump()), "bytes", grams=len(model.grams))


if __name__ == "__main__":
    main()
