"""Solves in a process of its own: a question in on standard input, the answer out."""

import os
import sys

import msgspec

from matching.plans import Question
from matching.portfolio import solve

LATER = 10  # rankings go first


def main() -> None:
    os.nice(LATER)
    question = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Question)
    sys.stdout.buffer.write(msgspec.msgpack.encode(solve(question)))


if __name__ == "__main__":
    main()
