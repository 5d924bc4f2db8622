"""Public sets with known answers, read from a folder and measured through the ranking."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from matching.encoder import Encoder
from matching.evaluation import (
    Figure,
    Goal,
    average_precision,
    bootstrap,
    kendall_loss,
    ndcg,
)
from matching.learning import Decided, unseen_scores
from matching.ranking import OfferIndex
from matching.reorder import HEAD
from matching.scoring import Configuration
from matching.types import OfferProfile, RequestProfile

# No set knows a calendar; windows are open everywhere.
ANY_DAY = date(2026, 1, 1)
LANGUAGES = {"fra": "fr", "rus": "ru", "spa": "es", "ara": "ar", "cmn": "zh"} | {
    "spanish": "es",
    "english": "en",
    "chinese": "zh",
}
DRAWS = 10
DEFAULT = Configuration()

Row = Mapping[str, Any]
Grades = dict[str, dict[str, float]]


Scored = Sequence[tuple[str, float]]


class Ranks(Protocol):
    """Anything that orders offers: for each request's id the offers with scores, best first."""

    def ranked(
        self, requests: Sequence[RequestProfile], offers: Sequence[OfferProfile]
    ) -> Iterator[tuple[str, Scored]]: ...


@dataclass(frozen=True, slots=True)
class Contender:
    """The matcher; with `crowd` the requests of a set are known before any is ranked."""

    encoder: Encoder
    configuration: Configuration = DEFAULT
    crowd: bool = True

    def index(
        self, requests: Sequence[RequestProfile], offers: Sequence[OfferProfile]
    ) -> OfferIndex:
        made = OfferIndex(configuration=self.configuration, encoder=self.encoder)
        made.upsert(offers)
        if self.crowd:
            made.learn(requests)
        return made

    def ranked(
        self, requests: Sequence[RequestProfile], offers: Sequence[OfferProfile]
    ) -> Iterator[tuple[str, Scored]]:
        index = self.index(requests, offers)
        for request in requests:
            yield request.id, list(index.order(request, today=ANY_DAY).scores())


def ranking_figures(packs: Path, contender: Ranks) -> Iterator[Figure]:
    """One figure after another; a set that is not in the folder is left out."""
    for folder, measure in (
        ("expertise", _expertise),
        ("xquad-r", _xquad),
        ("duplicates", _forum),
        ("tatoeba", _tatoeba),
        ("titles", _titles),
    ):
        if (packs / folder).exists():
            yield from measure(packs / folder, contender)


def lines(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def table(path: Path) -> list[list[str]]:
    """Tab-separated rows, without the line of names where there is one."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t"))
    return rows if rows[0][0].isdigit() else rows[1:]


def _names(scored: Scored) -> list[str]:
    return [offer for offer, _ in scored]


def _expertise(folder: Path, contender: Ranks) -> Iterator[Figure]:
    papers = {
        row["id"]: f"{row['title']}. {row['abstract']}"
        for row in lines(folder / "profile_papers.jsonl")
    }
    profiles = json.loads((folder / "profiles.json").read_text("utf-8"))
    grades: Grades = json.loads((folder / "expertise.json").read_text("utf-8"))
    requests = [
        RequestProfile(row["id"], row["title"], row["abstract"], "en")
        for row in lines(folder / "requests.jsonl")
    ]
    losses = dict.fromkeys(grades, 0.0)
    weights: dict[str, float] = {}
    for draw in range(1, DRAWS + 1):
        works = {
            person: tuple(papers[each] for each in profiles[str(draw)][person])
            for person in grades
        }
        scores = _scores_by_person(requests, works, contender)
        for person, graded in grades.items():
            loss, weights[person] = kendall_loss(scores[person], graded)
            losses[person] += loss / DRAWS
    kept = [person for person in grades if weights[person]]
    interval = bootstrap([losses[each] for each in kept], [weights[each] for each in kept])
    yield Figure("expertise loss", interval, Goal(0.240, 0.226, lower=True))


def _scores_by_person(
    requests: list[RequestProfile], works: Mapping[str, tuple[str, ...]], contender: Ranks
) -> Grades:
    offers = [OfferProfile(person, language="en", past=past) for person, past in works.items()]
    scores: Grades = {person: {} for person in works}
    for request, order in contender.ranked(requests, offers):
        for person, score in order:
            scores[person][request] = score
    return scores


def _xquad(folder: Path, contender: Ranks) -> Iterator[Figure]:
    names = sorted(path.stem for path in folder.glob("*.json"))
    sets = {name: _xquad_language(folder / f"{name}.json", name) for name in names}
    gold: dict[str, dict[str, str]] = {}
    for name, (_, _, answers) in sets.items():
        for question, sentence in answers.items():
            gold.setdefault(question, {})[name] = sentence
    same: list[float] = []
    other: list[float] = []
    mixed: list[float] = []
    for asked in names:
        requests = sets[asked][0]
        for answered in names:
            gains = same if asked == answered else other
            for question, order in contender.ranked(requests, sets[answered][1]):
                if answered in gold[question]:
                    gains.append(ndcg(_names(order)[:10], {gold[question][answered]}))
        pool = [sentence for name in names for sentence in sets[name][1]]
        for question, order in contender.ranked(requests, pool):
            mixed.append(average_precision(_names(order), set(gold[question].values())))
    yield Figure("xquad same-language nDCG@10", bootstrap(same), Goal(0.829, 0.852))
    yield Figure("xquad other-language nDCG@10", bootstrap(other), Goal(0.67, 0.703))
    yield Figure("xquad mixed-pool mAP", bootstrap(mixed), Goal(0.585, 0.661))


def _xquad_language(
    path: Path, language: str
) -> tuple[list[RequestProfile], list[OfferProfile], dict[str, str]]:
    """Questions, sentences, and each question's sentence."""
    questions: list[RequestProfile] = []
    sentences: dict[tuple[str, int, int], OfferProfile] = {}
    gold: dict[str, str] = {}
    articles = json.loads(path.read_text("utf-8"))["data"]
    for paragraph in (each for article in articles for each in article["paragraphs"]):
        text, breaks = paragraph["context"], [tuple(each) for each in paragraph["sentence_breaks"]]
        for start, end in breaks:
            if (text, start, end) not in sentences:
                name = f"{language}-{len(sentences)}"
                offer = OfferProfile(name, text=text[start:end], language=language)
                sentences[text, start, end] = offer
        for question in paragraph["qas"]:
            place = question["answers"][0]["answer_start"]
            start, end = next(each for each in breaks if each[0] <= place < each[1])
            gold[question["id"]] = sentences[text, start, end].id
            asked = RequestProfile(question["id"], text=question["question"], language=language)
            questions.append(asked)
    return questions, list(sentences.values()), gold


def _forum(folder: Path, contender: Ranks) -> Iterator[Figure]:
    if not (folder / "forum_questions.jsonl").exists():
        return
    rows = lines(folder / "forum_questions.jsonl")
    texts = {row["request"]: row["text"] for row in rows}
    requests = [RequestProfile(name, text=text, language="en") for name, text in texts.items()]
    offers = [
        OfferProfile(
            f"{row['request']}/{row['candidate']}", text=row["candidate_text"], language="en"
        )
        for row in rows
    ]
    relevant = {
        f"{row['request']}/{row['candidate']}" for row in rows if row["label"] != "Irrelevant"
    }
    values = []
    for request, order in contender.ranked(requests, offers):
        own = [name for name in _names(order) if name.split("/")[0] == request]
        values.append(average_precision(own, relevant.intersection(own)))
    yield Figure("forum MAP", bootstrap(values), Goal(0.707, 0.768))


def _tatoeba(folder: Path, contender: Ranks) -> Iterator[Figure]:
    for path in sorted(folder.glob("tatoeba.*-eng.???")):
        name = path.suffix[1:]
        if name == "eng":
            continue
        source, target = (
            each.read_text("utf-8").splitlines() for each in (path, path.with_suffix(".eng"))
        )
        requests = [
            RequestProfile(str(n), text=text, language=LANGUAGES[name])
            for n, text in enumerate(source)
        ]
        offers = [OfferProfile(str(n), text=text, language="en") for n, text in enumerate(target)]
        hits = [
            float(target[int(_names(order)[0])] == target[int(request)])
            for request, order in contender.ranked(requests, offers)
        ]
        yield Figure(f"tatoeba {name} top-1", bootstrap(hits), Goal(0.92, 0.93))


def _titles(folder: Path, contender: Ranks) -> Iterator[Figure]:
    for each in sorted(folder.iterdir()):
        language = LANGUAGES[each.name]
        relevant: dict[str, set[str]] = {}
        for request, _, offer, grade in table(each / "qrels.tsv"):
            if int(grade) > 0:
                relevant.setdefault(request, set()).add(offer)
        requests = [
            RequestProfile(row[0], row[1], row[1], language) for row in table(each / "queries")
        ]
        offers = [
            OfferProfile(row[0], row[1], row[1], language)
            for row in table(each / "corpus_elements")
        ]
        found = {name: _names(order) for name, order in contender.ranked(requests, offers)}
        values = [average_precision(found[name], wanted) for name, wanted in relevant.items()]
        yield Figure(f"titles {each.name} MAP", bootstrap(values), Goal(0.37, 0.389))
        if isinstance(contender, Contender) and contender.encoder.dimension and contender.crowd:
            taught = _taught(requests, offers, relevant, contender)
            yield Figure(f"titles {each.name} MAP, trained", bootstrap(taught), Goal(None, 0.40))


def _taught(
    requests: list[RequestProfile],
    offers: list[OfferProfile],
    relevant: dict[str, set[str]],
    contender: Contender,
) -> list[float]:
    """Average precision of whole lists whose heads were re-ordered by a model that learned from
    other requests' decisions; requests with the same answers are learned from together."""
    index = contender.index(requests, offers)
    decided: list[Decided] = []
    listed: list[list[str]] = []
    for request in (each for each in requests if each.id in relevant):
        names = _names(list(index.order(request, today=ANY_DAY).scores()))
        shown = index.shown(request, names[:HEAD], today=ANY_DAY)
        chosen = np.array([name in relevant[request.id] for name in shown.offers])
        group = " ".join(sorted(relevant[request.id]))
        decided.append(Decided(group, shown.features, shown.current, chosen))
        listed.append(names)
    values = []
    known = [each.id for each in requests if each.id in relevant]
    for name, names, scores in zip(known, listed, unseen_scores(decided), strict=True):
        head = [names[place] for place in np.argsort(-scores, kind="stable").tolist()]
        values.append(average_precision(head + names[HEAD:], relevant[name]))
    return values
