"""Ranks offers against requests, explains each pairing, finds duplicates and proposes assignments.

Numbers and words in, ranked and explained pairs out: no database, web, queue or clock; today is
an argument. Who calls what:

* web and command-line processes import `matching.types` alone: plain values, no numeric library;
* the worker's pool process keeps one `matching.ranking.OfferIndex`, feeds it with `upsert` and
  `remove`, and answers each changed request with `rank_one`;
* `matching.ranking.rank` is the same computation without a kept index: measurements and
  `concord match rank` call it;
* `matching.duplicates` compares records before a request is submitted, a match is proposed or an
  organization is registered;
* `matching.assignment` proposes a portfolio; `matching.learning` and `matching.evaluation` fit
  and judge weights from decisions.

Nothing is imported here, so importing the package costs nothing; import the submodule needed.
"""
