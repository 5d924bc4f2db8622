"""Trains in a process of its own: decisions in on standard input, the evaluation out."""

import os
import sys

import msgspec

from matching.decisions import Decisions
from matching.lessons import train

LATER = 10  # rankings go first


def main() -> None:
    os.nice(LATER)
    decisions = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Decisions)
    sys.stdout.buffer.write(msgspec.msgpack.encode(train(decisions)))


if __name__ == "__main__":
    main()
