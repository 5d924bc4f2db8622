"""The command `concord`: each subcommand is a module that loads when it is named."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

USAGE = "Usage: concord COMMAND [OPTIONS]; `concord COMMAND --help` says more."


@dataclass(frozen=True, slots=True)
class Command:
    """Where a subcommand's typer application lives, and what it is for."""

    module: str
    purpose: str


COMMANDS = {
    "demo": Command("concord.cli.demo", "Play with sample data on this machine"),
    "serve": Command("concord.cli.serve", "Serve the pages"),
    "worker": Command("concord.cli.worker", "Rank, send mail and let time pass"),
    "migrate": Command("concord.cli.migrate", "Bring the database and the code lists up to date"),
    "check": Command("concord.cli.check", "Say whether everything needed is there"),
    "user": Command("concord.cli.user", "Invite people, or erase who has left"),
    "import": Command("concord.cli.imports", "Import requests, offers or activities from CSV"),
    "export": Command("concord.cli.exports", "Export requests, offers or pairings"),
    "rerank": Command("concord.cli.rerank", "Rank every open request anew"),
    "preselection": Command(
        "concord.cli.preselection", "Build what nearest offers are found by, where they are many"
    ),
    "audit": Command("concord.cli.audit", "Verify the audit trail, or print its head"),
    "backup": Command("concord.cli.backup", "Back the whole database up"),
    "restore": Command("concord.cli.restore", "Restore a backup into an empty database"),
    "match": Command("concord.cli.match", "Use the matcher on files, without a server"),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one subcommand; nothing of the others is imported."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] in {"--help", "-h", "help"}:
        print(overview())
        return
    name, *rest = given
    if name not in COMMANDS:
        print(f"concord: there is no command {name!r}.\n\n{overview()}", file=sys.stderr)
        sys.exit(2)
    import_module(COMMANDS[name].module).app(rest, prog_name=f"concord {name}")


def overview() -> str:
    lines = (f"  {name:<13}{command.purpose}" for name, command in COMMANDS.items())
    return "\n".join((USAGE, "", *lines))
