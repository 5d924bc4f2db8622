"""The five due-diligence questions that an officer answers about a provider."""

from dataclasses import dataclass

from concord.errors import Text


@dataclass(frozen=True, slots=True)
class Question:
    """`code` is what is stored; `hint` says which evidence answers it."""

    code: str
    title: Text
    text: Text
    hint: Text


QUESTIONS = (
    Question(
        "existence",
        Text("Legal existence"),
        Text("Is the organization legally established, and is its registration current?"),
        Text("Extract from a public register, statutes, address that was checked."),
    ),
    Question(
        "ownership",
        Text("Ownership and control"),
        Text("Is it known who owns, funds and directs the organization, down to natural persons?"),
        Text("Beneficial owners, board, main funders, control by a government."),
    ),
    Question(
        "integrity",
        Text("Integrity"),
        Text(
            "Is the organization, with its directors, free of sanctions, convictions and"
            " exclusions from public procurement?"
        ),
        Text("Court records, exclusion lists of international organizations, adverse reports."),
    ),
    Question(
        "interests",
        Text("Conflict of interest"),
        Text(
            "Is its assistance independent of what it sells and of politically exposed persons,"
            " and are remaining interests declared?"
        ),
        Text("Products and contracts in States that it would assist, ties to public officials."),
    ),
    Question(
        "safeguards",
        Text("Safeguards"),
        Text(
            "Does it protect personal data, and does it rule out that its tools and training are"
            " used against human rights?"
        ),
        Text("Data protection policy, export control, acceptable-use terms, grievance procedure."),
    ),
)
CODES = tuple(question.code for question in QUESTIONS)
