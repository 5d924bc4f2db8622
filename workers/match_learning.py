"""Trains the next model on what was decided, apart from the rankings, and keeps the verdict."""

import asyncio
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

import msgspec

from concord.pairings.learning import nothing_new, store_lesson
from concord.pairings.teaching import decisions_to_learn
from matching.decisions import Decisions, Evaluation
from workers.context import Context

COMMAND = (sys.executable, "-m", "workers.match_training")


async def train_model(payload: Mapping[str, Any], context: Context) -> None:
    """At night only when something new was decided; for a person always."""
    asked_by = UUID(payload["asked_by"]) if "asked_by" in payload else None
    encoder = await context.pool.model_version()
    decisions = await decisions_to_learn(encoder)
    if asked_by is None and await nothing_new(decisions, encoder=encoder):
        return
    found = await trained(decisions)
    await store_lesson(decisions, found, encoder=encoder, asked_by=asked_by, now=context.clock())


async def trained(decisions: Decisions) -> Evaluation:
    """Run the training; its process ends with the task that waits for it."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*COMMAND, stdin=pipe, stdout=pipe)
    try:
        answer, _ = await process.communicate(msgspec.msgpack.encode(decisions))
    finally:
        with suppress(ProcessLookupError):
            process.kill()
    if process.returncode:
        raise RuntimeError(f"training ended with {process.returncode}")
    return msgspec.msgpack.decode(answer, type=Evaluation)
