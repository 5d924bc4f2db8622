"""The servers run for root and for an ordinary user."""

import os
import stat
from pathlib import Path
from tempfile import TemporaryDirectory

from concord.services import binaries, running_services
from concord.services.account import Account, postgres_account
from concord.settings import Settings
from tests.services.living import processes_of
from tests.services.ordinary import Facts, as_ordinary_user, home


def use(home: Path) -> Facts:
    settings = Settings.from_environment({"HOME": str(home)})
    with running_services(settings) as running:
        processes = processes_of(settings.data_folder)
        return {
            "user": str(os.geteuid()),
            "database_url": running.database_url,
            "servers": " ".join(sorted(set(processes.values()))),
            "owners": str({Path(f"/proc/{number}").stat().st_uid for number in processes}),
        }


def test_an_ordinary_user_runs_both_servers_as_itself() -> None:
    with home() as folder:
        owner = folder.stat().st_uid
        facts = as_ordinary_user(folder, use)
        data = folder / ".local/share/concord"
        assert facts == {
            "user": str(owner),
            "database_url": f"postgres://concord@/concord?host={data}/embedded/postgres",
            "servers": "postgres redis-server",
            "owners": str({owner}),
        }
        assert processes_of(folder) == {}
        assert stat.filemode(folder.stat().st_mode) == "drwx------"


def test_postgres_never_runs_as_root() -> None:
    account = postgres_account()
    assert (account is None) == (os.geteuid() != 0)
    assert account is None or account.user != 0


def test_programs_out_of_reach_are_copied_for_all_to_read() -> None:
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        packages = binaries.installed(binaries.PACKAGE).parent
        umask = os.umask(0o077)
        try:
            binaries.copy_installation(packages, Path(folder, "cache", "copy"))
            binaries.copy_installation(packages, Path(folder, "cache", "copy"))
        finally:
            os.umask(umask)
        programs = Path(folder, "cache", "copy", binaries.INSTALLATION, "bin")
        account = postgres_account() or Account(os.geteuid(), os.getegid())
        assert binaries.can_run(programs, account)
        assert [path.name for path in Path(folder, "cache").iterdir()] == ["copy"]
        Path(folder).chmod(0o000 if os.geteuid() else 0o700)
        assert not binaries.can_run(programs, account)
        Path(folder).chmod(0o700)
