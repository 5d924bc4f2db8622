"""IATI files made for tests: activities of version 2.03 that are valid, and of version 1."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

PUBLISHER = "XM-DAC-99999"


def activity(number: int, **changes: str) -> str:
    """One activity of version 2.03 with everything that is read of it, in schema order."""
    facts = {
        "identifier": f"{PUBLISHER}-{number:05}",
        "ref": PUBLISHER,
        "title": f"An illustrative project {number}",
        "updated": "2026-01-01T00:00:00Z",
        "country": ("QM", "QN", "QO")[number % 3],
        "sector": ("INV.02", "EVD.02", "PRE.01")[number % 3],
        "start": f"20{20 + number % 8}-03-01",
        "end": f"20{22 + number % 8}-09-30",
    } | {name: escape(text, {'"': "&quot;"}) for name, text in changes.items()}
    places = changes.get("places") or (
        f'<recipient-country code="{facts["country"]}" percentage="75"/>'
        '<recipient-country code="QP" percentage="25"/>'
    )
    return f"""
  <iati-activity xml:lang="en" default-currency="USD" last-updated-datetime="{facts["updated"]}">
    <iati-identifier>{facts["identifier"]}</iati-identifier>
    <reporting-org ref="{facts["ref"]}" type="40"><narrative>Illustrative Agency</narrative>
    </reporting-org>
    <title><narrative>{facts["title"]}</narrative>
      <narrative xml:lang="fr">Un projet d’exemple</narrative></title>
    <description type="1"><narrative>Officers learn to keep digital evidence.</narrative>
    </description>
    <participating-org role="1" type="10" ref="XM-DAC-99998"><narrative>A donor</narrative>
    </participating-org>
    <participating-org role="4" type="40"><narrative>Illustrative Agency</narrative>
    </participating-org>
    <activity-status code="2"/>
    <activity-date type="1" iso-date="{facts["start"]}"/>
    <activity-date type="3" iso-date="{facts["end"]}"/>
    <contact-info><person-name><narrative>A person</narrative></person-name></contact-info>
    {places}
    <sector vocabulary="1" code="15132" percentage="100"/>
    <sector vocabulary="99" code="{facts["sector"]}" percentage="100"/>
    <budget><period-start iso-date="2026-01-01"/><period-end iso-date="2026-12-31"/>
      <value value-date="2026-01-01">1000</value></budget>
    <budget><period-start iso-date="2027-01-01"/><period-end iso-date="2027-12-31"/>
      <value value-date="2027-01-01">500.50</value></budget>
    <transaction><transaction-type code="2"/><transaction-date iso-date="2026-02-01"/>
      <value value-date="2026-02-01">10</value></transaction>
  </iati-activity>"""


def activities(count: int) -> Iterator[str]:
    return (activity(number) for number in range(count))


def as_file(*found: str, version: str = "2.03", prolog: str = "") -> bytes:
    """A whole file; `prolog` stands before its first element."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{prolog}'
        f'<iati-activities version="{version}" generated-datetime="2026-01-02T00:00:00Z">'
        f"{''.join(found)}\n</iati-activities>\n"
    ).encode()


OLD = """
  <iati-activity xml:lang="fr" default-currency="EUR">
    <reporting-org ref="XM-DAC-99999" type="40">Agence d’exemple</reporting-org>
    <iati-identifier>XM-DAC-99999-OLD</iati-identifier>
    <title>Un projet ancien</title>
    <title xml:lang="en">An old project</title>
    <description>Former des enquêteurs.</description>
    <activity-status code="4">Post-completion</activity-status>
    <activity-date type="start-planned" iso-date="2011-01-01"/>
    <activity-date type="start-actual" iso-date="2011-02-01"/>
    <activity-date type="end-planned">2012-12-31</activity-date>
    <activity-date type="end-actual" iso-date="2013-01-31"/>
    <participating-org role="Funding" ref="FR">France</participating-org>
    <recipient-country code="QM">Illustrative State QM</recipient-country>
    <sector vocabulary="DAC" code="15134">Judicial development</sector>
    <budget><value value-date="2011-01-01" currency="EUR">7,500</value></budget>
  </iati-activity>"""
