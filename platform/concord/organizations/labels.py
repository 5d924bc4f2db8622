"""How kinds of organization, findings and the results of screening are called on pages."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from concord.organizations.states import Finding, OrganizationKind, Sanctions
from concord.reference.queries import code_lists
from concord.web.formats import state_name
from concord.web.i18n import LazyMessage, current_locale
from concord.web.i18n import lazy as N_

_K = OrganizationKind
KINDS: Mapping[str, LazyMessage] = MappingProxyType(
    {
        _K.STATE_AUTHORITY: N_("State authority"),
        _K.STATE: N_("State, as a provider"),
        _K.INTERGOVERNMENTAL: N_("Intergovernmental organization"),
        _K.PRIVATE_SECTOR: N_("Private sector"),
        _K.CIVIL_SOCIETY: N_("Civil society"),
        _K.ACADEMIA: N_("Academia"),
        _K.SECRETARIAT: N_("UNODC"),
    }
)
FINDINGS: Mapping[str, LazyMessage] = MappingProxyType(
    {
        Finding.SATISFACTORY: N_("Satisfactory"),
        Finding.CONCERN: N_("Acceptable, with a concern"),
        Finding.UNSATISFACTORY: N_("Unsatisfactory"),
    }
)
SANCTIONS: Mapping[str, LazyMessage] = MappingProxyType(
    {
        Sanctions.NO_HIT: N_("No hit"),
        Sanctions.CLEARED: N_("Hit, adjudicated: somebody else"),
        Sanctions.HIT: N_("Hit, open: verification is blocked"),
    }
)
VERBS: Mapping[str, LazyMessage] = MappingProxyType(
    {
        "register": N_("Registered"),
        "screen": N_("Screening began"),
        "recognize": N_("Recognized"),
        "verify": N_("Verified"),
        "renew": N_("Verification renewed"),
        "reject": N_("Rejected"),
        "expire": N_("Verification ran out"),
        "suspend": N_("Suspended"),
        "reinstate": N_("Reinstated"),
    }
)
Options = Sequence[tuple[str, str]]


def kind_options(kinds: Sequence[OrganizationKind] = tuple(OrganizationKind)) -> Options:
    return [(kind.value, str(KINDS[kind])) for kind in kinds]


async def state_options() -> Options:
    """Every State under its United Nations name, in the reader's language and order."""
    names = (await code_lists()).states_by_name(current_locale())
    return [(state.code, state_name(state.code)) for state in names]
