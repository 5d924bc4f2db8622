"""Counts what is asked of the database."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


class Queries(logging.Handler):
    """Every statement that Tortoise sends, in order; BEGIN and COMMIT are not among them."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.statements: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.statements.append(record.getMessage())

    def __len__(self) -> int:
        return len(self.statements)


@contextmanager
def counted_queries() -> Iterator[Queries]:
    """`with counted_queries() as queries: …; assert len(queries) == 3`."""
    queries = Queries()
    logger = logging.getLogger("tortoise.db_client")
    level = logger.level
    logger.addHandler(queries)
    logger.setLevel(logging.DEBUG)
    try:
        yield queries
    finally:
        logger.setLevel(level)
        logger.removeHandler(queries)
