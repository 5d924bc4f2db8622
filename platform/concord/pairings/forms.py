"""What the page of the matcher's models sends."""

from concord.inputs import Reader

MOST_EQUITY = 20  # hundredths of the score: more would outweigh the topic


def parse_model(typed: Reader) -> int | None:
    """The number of a model, or None for the untrained order."""
    number = typed.integer("model")
    typed.check()
    return number


def parse_equity(typed: Reader) -> float:
    """Hundredths, as the share that they are."""
    hundredths = typed.integer("equity", minimum=0, maximum=MOST_EQUITY, required=True)
    typed.check()
    return (hundredths or 0) / 100
