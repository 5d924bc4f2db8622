"""Ranks offers against requests, explains each pairing, finds duplicates and proposes assignments.

Numbers and words in, ranked and explained pairs out: no database, web, queue or clock; today is
an argument. Who calls what:

* web and command-line processes import `matching.types`, and `matching.overlaps` and
  `matching.names` for warnings: plain values, no numeric library;
* the worker's pool process keeps one `matching.ranking.OfferIndex`, feeds it with `upsert` and
  `remove`, tells it the open requests with `learn`, and answers each changed request with
  `rank_one`; `matching.sentences` names the two sentences of a pairing that belong together;
* `matching.ranking.rank` is the same computation without a kept index, and `concord match rank`
  writes the same order from the same index;
* `matching.duplicates` compares a request or an offer with its like, in the pool process;
* `matching.assignment` proposes a portfolio over many requests at once;
* `matching.lessons.train` turns `matching.decisions` into a `matching.reorder.TextModel` with its
  evaluation, in a process of its own; `matching.learning` holds the gate that adopts or refuses;
* `matching.figures` measures all of it on public sets.

Nothing is imported here, so importing the package costs nothing; import the submodule needed.
"""
