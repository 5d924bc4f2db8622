"""How long each step may take; every duration can be overridden by a variable of its own."""

from dataclasses import dataclass, fields

from concord.settings.reading import Environment, SettingsError

PREFIX = "CONCORD_CLOCK_"


@dataclass(frozen=True, kw_only=True)
class Clocks:
    """Working days are those of the State's week for its own steps, of Vienna's otherwise.

    What is `kept` serves people or repairs, not the record: it goes after so many days.
    """

    review_working_days: int = 10
    no_objection_working_days: int = 5
    consent_working_days: int = 20
    answer_working_days: int = 20
    approval_working_days: int = 10
    terms_working_days: int = 40
    confirmation_working_days: int = 30
    evaluation_working_days: int = 60
    unmatched_days: int = 90
    reconfirmation_months: int = 12
    verification_years: int = 3
    activation_days: int = 10
    follow_up_months: int = 12
    hold_days: int = 90
    sessions_kept_days: int = 30
    links_kept_days: int = 30
    command_keys_kept_days: int = 7
    outbox_kept_days: int = 90
    notices_kept_days: int = 730
    readings_kept_days: int = 730

    @classmethod
    def from_environment(cls, environment: Environment) -> "Clocks":
        names = {PREFIX + field.name.upper(): field.name for field in fields(cls)}
        for variable in environment.variables:
            if variable.startswith(PREFIX) and variable not in names:
                raise SettingsError(
                    variable, "There is no such clock.", f"Use one of: {', '.join(names)}."
                )
        defaults = cls()
        return cls(
            **{
                field: environment.whole_number(
                    variable, default=getattr(defaults, field), most=4000
                )
                for variable, field in names.items()
            }
        )

    def as_environment(self) -> dict[str, str]:
        return {
            PREFIX + field.name.upper(): str(getattr(self, field.name)) for field in fields(self)
        }
