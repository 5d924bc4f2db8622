"""Typed reading of environment variables, with errors that say what to do."""

from collections.abc import Mapping
from typing import TypeVar

Choice = TypeVar("Choice", bound=str)

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off"})


class SettingsError(Exception):
    """A variable that cannot be used: which one, what is wrong, what to do."""

    def __init__(self, variable: str, problem: str, remedy: str) -> None:
        super().__init__(f"{variable}: {problem} {remedy}")
        self.variable = variable
        self.problem = problem
        self.remedy = remedy


class Environment:
    """An environment whose empty variables count as absent, as compose files need it."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = {name: text.strip() for name, text in variables.items() if text.strip()}

    def __contains__(self, name: str) -> bool:
        return name in self.variables

    def text(self, name: str, *, default: str = "") -> str:
        return self.variables.get(name, default)

    def whole_number(self, name: str, *, default: int, most: int, least: int = 1) -> int:
        text = self.text(name, default=str(default))
        remedy = f"Give a whole number from {least} to {most}."
        if not (text.isascii() and text.isdigit()):
            raise SettingsError(name, f"{text!r} is not a whole number.", remedy)
        if not least <= int(text) <= most:
            raise SettingsError(name, f"{text} is out of range.", remedy)
        return int(text)

    def flag(self, name: str) -> bool:
        text = self.text(name, default="no").lower()
        if text not in YES | NO:
            raise SettingsError(name, f"{text!r} is neither yes nor no.", "Give yes or no.")
        return text in YES

    def choice(self, name: str, choices: tuple[Choice, ...]) -> Choice:
        """The choice named, or the first of `choices`."""
        text = self.text(name, default=choices[0]).lower()
        for choice in choices:
            if choice == text:
                return choice
        raise SettingsError(name, f"{text!r} is not known.", f"Give one of: {', '.join(choices)}.")
