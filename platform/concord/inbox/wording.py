"""What messages need to be worded in a reader's language."""

from concord.reference.queries import code_lists
from concord.web.i18n import catalogue
from notifications.wording import Language


async def language(locale: str) -> Language:
    """The catalogue of a locale, with the names of States and the labels of reasons in it."""
    lists = await code_lists()
    translations = catalogue(locale)
    return Language(
        locale=locale,
        translations=translations,
        states={code: state.name(locale) for code, state in lists.states.items()},
        reasons={
            code: translations.gettext(reason.label) for code, reason in lists.reasons.items()
        },
    )
