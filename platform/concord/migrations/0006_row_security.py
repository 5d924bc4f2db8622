"""Row-level security: a second wall behind every query."""

from tortoise import migrations
from tortoise.migrations.operations import RunSQL

from concord.migrations._sight import (
    ACTING,
    ACTING_BACK,
    MATCH_SEEN,
    OFFER_SEEN,
    ORGANIZATION,
    PERSON,
    PUBLISHED,
    REQUEST_SEEN,
    REQUEST_SETS,
    REQUEST_SETS_BACK,
    SEEN,
    SEEN_BACK,
    SIGHT,
    STATE,
    STATES,
    WINDOWS,
    WINDOWS_BACK,
)

OWN_PROVIDER = f"{SIGHT} IN ('provider', 'unverified') AND organization_id = {ORGANIZATION}"
WORKS_ON_MATCH = f"{SIGHT} <> 'auditor' AND sees_match(match_id)"
OF_DELIVERY = "EXISTS (SELECT FROM delivery d WHERE d.id = delivery_id)"
FULL = "reads_in_full(request_id)"
CASE_OFFICER = f"{SIGHT} IN ('coordinator', 'approver')"
SCREENED = f"""{SIGHT} IN ('coordinator', 'approver', 'due_diligence')
    OR organization_id = {ORGANIZATION}"""
SHOWN = f"{CASE_OFFICER} AND person_id = {PERSON} AND sees_request(request_id)"
OF_OFFER = "EXISTS (SELECT FROM offer o WHERE o.id = offer_id)"
OWN_OFFER = f"""{SIGHT} IN ('provider', 'unverified')
    AND EXISTS (SELECT FROM offer o WHERE o.id = offer_id AND o.organization_id = {ORGANIZATION})"""
WAITING = f"""closed_at IS NULL AND (SELECT acting_role()) = ANY (roles)
    AND (person_id IS NULL OR person_id = {PERSON})
    AND (organization_id IS NULL AND state_code IS NULL OR organization_id = {ORGANIZATION}
         OR {SIGHT} IN ('state', 'filed') AND state_code = {STATE}
         OR (SELECT acting_role()) IN
            ('coordinator', 'approver', 'due_diligence', 'auditor', 'admin')
            AND state_code IS NOT NULL
            AND ({SIGHT} <> 'coordinator' OR {STATES} IS NULL
                 OR state_code = ANY ({STATES}::text[])))"""
"""The twin of `inbox.queries.waiting_for`."""
ATTACHED = f"""(NOT secretariat_only
        OR {SIGHT} IN ('coordinator', 'approver', 'due_diligence', 'auditor'))
    AND CASE subject_kind
        WHEN 'request' THEN reads_in_full(subject_id)
            OR {SIGHT} = 'provider' AND sees_request(subject_id) AND EXISTS (
                SELECT FROM disclosure d WHERE d.request_id = attachment.subject_id AND d.level = 'full'
                   AND d.ended_at IS NULL AND d.organization_id = {ORGANIZATION}
                   AND (d.parts = '{{}}' OR 'attachments' = ANY (d.parts)))
        WHEN 'delivery' THEN EXISTS (SELECT FROM delivery d WHERE d.id = attachment.subject_id)
        WHEN 'act_on_behalf' THEN EXISTS (SELECT FROM act_on_behalf a WHERE a.id = attachment.subject_id)
        WHEN 'organization' THEN {SIGHT} IN ('coordinator', 'approver', 'due_diligence')
            OR (SELECT acting_role()) = 'partner_admin' AND subject_id = {ORGANIZATION}
        WHEN 'accreditation' THEN {SIGHT} IN ('coordinator', 'approver', 'due_diligence')
            OR {SIGHT} IN ('state', 'filed') AND EXISTS (
                SELECT FROM membership m JOIN organization o ON o.id = m.organization_id
                 WHERE m.id = attachment.subject_id AND o.state_id = {STATE})
        ELSE false END"""
"""The twins of `organizations.visibility.attachment_policies`."""
ACTS = f"""CASE WHEN {SIGHT} IN ('state', 'filed') THEN state_id = {STATE}
    WHEN {SIGHT} IN ('coordinator', 'approver', 'auditor') THEN
        (assigned IS NULL OR assigned @> ARRAY[{PERSON}])
        AND ({STATES} IS NULL OR state_id = ANY ({STATES}::text[]))
    ELSE false END"""
"""The twin of `organizations.acts.visible_to`."""

READS = {
    "request": f"{REQUEST_SEEN} OR {PUBLISHED}"
    f" OR {SIGHT} IN ('provider', 'unverified') AND id IN (SELECT asked_requests())",
    "request_item": "EXISTS (SELECT FROM request r WHERE r.id = request_id)",
    "request_party": FULL,
    "request_exclusion": FULL,
    "disclosure": f"{FULL} OR {OWN_PROVIDER}",
    "request_assignment": f"person_id = {PERSON} OR {FULL}",
    "clarification": f"{FULL} OR {SIGHT} = 'provider' AND sees_request(request_id)"
    f" AND (asked_by_organization_id = {ORGANIZATION} OR shared AND answer IS NOT NULL)",
    "request_step": f"{FULL} OR {SIGHT} = 'auditor' AND sees_request(request_id)",
    "request_reading": f"person_id = {PERSON} OR {SIGHT} IN ('state', 'filed')"
    f" AND (SELECT in_good_standing()) AND {FULL}",
    "ranking": f"{CASE_OFFICER} AND sees_request(request_id)",
    "pairing": f"{CASE_OFFICER} AND sees_request(request_id)",
    "shown_list": SHOWN,
    "outlook": FULL,
    "portfolio_run": f"person_id = {PERSON}",
    "duplicate_flag": f"""{CASE_OFFICER} AND CASE kind
        WHEN 'request_request' THEN sees_request(left_id) AND sees_request(right_id)
        WHEN 'offer_offer' THEN sees_offer(left_id) AND sees_offer(right_id)
        WHEN 'organization' THEN true
        ELSE sees_match(left_id) OR sees_match(right_id) END""",
    "match": MATCH_SEEN,
    "match_line": "sees_match(match_id)",
    "participant": "sees_match(match_id)",
    "consent": "sees_match(match_id)",
    "match_step": "sees_match(match_id)",
    "terms": WORKS_ON_MATCH,
    "terms_agreement": "EXISTS (SELECT FROM terms t WHERE t.id = terms_id)",
    "delivery": WORKS_ON_MATCH,
    "delivery_line": OF_DELIVERY,
    "delivery_participants": OF_DELIVERY,
    "milestone": OF_DELIVERY,
    "delivery_step": OF_DELIVERY,
    "evaluation": f"""{WORKS_ON_MATCH} AND CASE
        WHEN {SIGHT} IN ('state', 'filed') AND state_id = {STATE} THEN true
        WHEN {SIGHT} IN ('provider', 'unverified') AND organization_id = {ORGANIZATION} THEN true
        ELSE {CASE_OFFICER} OR EXISTS (
            SELECT FROM match m WHERE m.id = match_id AND m.state IN ('evaluated', 'closed')) END""",
    "lesson_draft": f"{WORKS_ON_MATCH} AND {SIGHT} NOT IN ('provider', 'unverified')",
    "cover_part": "sees_match(match_id)",
    "cover": "false",
    "offer": f"{OFFER_SEEN} OR {SIGHT} IN ('state', 'filed', 'provider', 'unverified')"
    " AND is_matched(id)",
    "offer_slot": OF_OFFER,
    "offer_exclusion": f"{CASE_OFFICER} AND {OF_OFFER} OR {OWN_OFFER}",
    "offer_step": f"{SIGHT} IN ('coordinator', 'approver', 'due_diligence', 'auditor')"
    f" AND {OF_OFFER} OR {OWN_OFFER}",
    "offer_clarification": f"{CASE_OFFICER} AND {OF_OFFER} OR {OWN_OFFER}"
    f" OR {OF_OFFER} AND (asked_by_organization_id = {ORGANIZATION}"
    " OR shared AND answer IS NOT NULL)",
    "organization_step": SCREENED,
    "screening": SCREENED,
    "attachment": ATTACHED,
    "act_on_behalf": ACTS,
    "task": f"{WAITING} OR closed_at IS NULL AND subject_kind = 'request'"
    " AND reads_in_full(subject_id)",
    "notice": f"person_id = {PERSON}",
    "idempotency_key": f"person_id = {PERSON}",
    "audit_entry": f"{SIGHT} = 'auditor'",
}
"""By table: which rows are read without a command."""
WRITES = {
    "request_reading": f"FOR INSERT TO concord_app WITH CHECK (person_id = {PERSON}"
    " AND EXISTS (SELECT FROM request r WHERE r.id = request_id))",
    "shown_list": f"FOR ALL TO concord_app USING ({SHOWN})",
    "audit_entry": "FOR INSERT TO concord_app WITH CHECK (true)",
    "notice": f"FOR UPDATE TO concord_app USING (person_id = {PERSON})",
    "idempotency_key": f"FOR ALL TO concord_app USING (person_id = {PERSON})",
}
"""By table: which rows are written without a command."""


def policies(table: str) -> str:
    written = f"CREATE POLICY written ON {table} {WRITES[table]};" if table in WRITES else ""
    return f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        CREATE POLICY commanded ON {table} FOR ALL TO concord_app USING ({SIGHT} = 'all');
        CREATE POLICY seen ON {table} FOR SELECT TO concord_app USING ({READS[table]});
        CREATE POLICY work ON {table} FOR ALL TO concord_worker USING (true);
        {written}"""


def no_policies(table: str) -> str:
    written = f"DROP POLICY written ON {table};" if table in WRITES else ""
    return f"""
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        DROP POLICY commanded ON {table}; DROP POLICY seen ON {table};
        DROP POLICY work ON {table}; {written}"""


class Migration(migrations.Migration):
    dependencies = [("concord", "0005_transitions")]

    operations = [
        RunSQL(ACTING, reverse_sql=ACTING_BACK),
        RunSQL(REQUEST_SETS, reverse_sql=REQUEST_SETS_BACK),
        RunSQL(SEEN, reverse_sql=SEEN_BACK),
        RunSQL(WINDOWS, reverse_sql=WINDOWS_BACK),
        RunSQL(
            "".join(map(policies, READS)),
            reverse_sql="".join(map(no_policies, reversed(READS))),
        ),
    ]
