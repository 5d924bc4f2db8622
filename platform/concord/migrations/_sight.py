"""Who acts and what they see, in the words of PostgreSQL: functions and conditions of policies."""

ACTING = """
CREATE FUNCTION acting_person() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('app.actor', true), '')::uuid;
CREATE FUNCTION acting_organization() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('app.organization', true), '')::uuid;
CREATE FUNCTION acting_state() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('app.state', true), '');
CREATE FUNCTION acting_states() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(nullif(current_setting('app.states', true), ''), '{}')::text[];
CREATE FUNCTION acting_role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('app.role', true), '');
CREATE FUNCTION in_good_standing() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('app.standing', true), '') = 'good';
CREATE FUNCTION sight() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE
    WHEN current_setting('app.beyond', true) = 'on' THEN 'all'
    WHEN acting_role() IN ('focal_point', 'alternate', 'drafter', 'observer') THEN CASE
        WHEN acting_state() IS NULL THEN 'public'
        WHEN acting_role() = 'drafter' OR NOT in_good_standing() THEN 'filed'
        ELSE 'state' END
    WHEN acting_role() IN ('partner_admin', 'partner_member') THEN
        CASE WHEN in_good_standing() THEN 'provider' ELSE 'unverified' END
    WHEN acting_role() IN ('coordinator', 'approver', 'due_diligence', 'auditor') THEN acting_role()
    ELSE 'public' END;
"""
"""Who acts, as the session's query told it for this transaction; nobody, where nothing is told."""

ACTING_BACK = """
DROP FUNCTION sight(); DROP FUNCTION in_good_standing(); DROP FUNCTION acting_role();
DROP FUNCTION acting_states(); DROP FUNCTION acting_state(); DROP FUNCTION acting_organization();
DROP FUNCTION acting_person();
"""

STATE = "(SELECT acting_state())"
STATES = "(SELECT acting_states())"
PERSON = "(SELECT acting_person())"
ORGANIZATION = "(SELECT acting_organization())"
SIGHT = "(SELECT sight())"
OPEN = "state IN ('open', 'partially_met', 'met')"
DISCLOSABLE = "state IN ('open', 'partially_met', 'met', 'suspended', 'closed', 'followed_up')"
ASSIGNED = """confidentiality = 'sealed' AND submitted_at IS NOT NULL
        AND id IN (SELECT assigned_requests())"""
ARRIVED = """(submitted_at IS NOT NULL OR import_source IS NOT NULL)
        AND confidentiality <> 'sealed'"""

REQUEST_SEEN = f"""CASE {SIGHT}
    WHEN 'all' THEN true
    WHEN 'state' THEN lead_state_id = {STATE}
        OR submitted_at IS NOT NULL AND co_states @> ARRAY[{STATE}]
    WHEN 'filed' THEN lead_state_id = {STATE}
        AND (created_by_id = {PERSON} OR authority_id = {ORGANIZATION})
    WHEN 'provider' THEN (
        circulated_at IS NOT NULL AND confidentiality IN ('public', 'partners') AND {OPEN}
        OR confidentiality <> 'sealed' AND {OPEN}
           AND id IN (SELECT disclosed_requests('named_by_state'))
        OR {DISCLOSABLE} AND id IN (SELECT disclosed_requests('consent'))
        ) AND id NOT IN (SELECT excluding_requests())
    WHEN 'coordinator' THEN {ARRIVED}
        AND ({STATES} IS NULL OR lead_state_id = ANY ({STATES}::text[]) OR co_states && {STATES})
        OR {ASSIGNED}
    WHEN 'approver' THEN {ARRIVED} OR {ASSIGNED}
    WHEN 'auditor' THEN submitted_at IS NOT NULL
    ELSE false END"""
"""The twin of `requests.visibility.visible_q`."""

PUBLISHED = """confidentiality = 'public' AND publish_agreed_at IS NOT NULL
    AND public_summary <> ''
    AND state IN ('open', 'partially_met', 'met', 'closed', 'followed_up')"""
"""The twin of `requests.visibility.published_q`."""

MATCH_SEEN = f"""CASE {SIGHT}
    WHEN 'all' THEN true
    WHEN 'provider' THEN id IN (SELECT asked_matches())
    WHEN 'unverified' THEN id IN (SELECT asked_matches())
    WHEN 'state' THEN told_at IS NOT NULL AND sees_request(request_id)
    WHEN 'filed' THEN told_at IS NOT NULL AND sees_request(request_id)
    WHEN 'coordinator' THEN sees_request(request_id)
    WHEN 'approver' THEN sees_request(request_id)
    WHEN 'auditor' THEN sees_request(request_id)
    ELSE false END"""
"""The twin of `matches.queries.visible_q`."""

OFFER_SEEN = f"""CASE
    WHEN {SIGHT} = 'all' THEN true
    WHEN {SIGHT} IN ('coordinator', 'approver', 'due_diligence', 'auditor')
        THEN submitted_at IS NOT NULL
    WHEN {SIGHT} IN ('provider', 'unverified') AND organization_id = {ORGANIZATION} THEN true
    ELSE state = 'published'
        AND (directed_state_id IS NULL
             OR {SIGHT} IN ('state', 'filed') AND directed_state_id = {STATE})
        AND EXISTS (SELECT FROM organization o
                     WHERE o.id = organization_id AND o.verification = 'verified') END"""
"""The twin of `offers.visibility.visible_q`."""

DEFINED = "STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
REQUEST_SETS = f"""
CREATE FUNCTION disclosed_requests(how text) RETURNS SETOF uuid LANGUAGE sql {DEFINED} AS $$
    SELECT request_id FROM disclosure
     WHERE organization_id = acting_organization() AND ended_at IS NULL AND basis = how $$;
CREATE FUNCTION excluding_requests() RETURNS SETOF uuid LANGUAGE sql {DEFINED} AS $$
    SELECT request_id FROM request_exclusion WHERE organization_id = acting_organization() $$;
CREATE FUNCTION assigned_requests() RETURNS SETOF uuid LANGUAGE sql {DEFINED} AS $$
    SELECT request_id FROM request_assignment
     WHERE person_id = acting_person() AND role = acting_role() $$;
CREATE FUNCTION asked_matches() RETURNS SETOF uuid LANGUAGE sql {DEFINED} AS $$
    SELECT match_id FROM participant
     WHERE organization_id = acting_organization() AND invited_at IS NOT NULL $$;
CREATE FUNCTION asked_requests() RETURNS SETOF uuid LANGUAGE sql {DEFINED} AS $$
    SELECT m.request_id FROM match m WHERE m.id IN (SELECT asked_matches()) $$;
CREATE FUNCTION unread_notices(person uuid) RETURNS bigint LANGUAGE sql {DEFINED} AS $$
    SELECT count(*) FROM notice WHERE person_id = person AND read_at IS NULL $$;
"""
"""Sets of ids that policies look into; as their owner, so that policies do not go in circles."""

REQUEST_SETS_BACK = """
DROP FUNCTION unread_notices(uuid); DROP FUNCTION asked_requests(); DROP FUNCTION asked_matches();
DROP FUNCTION assigned_requests(); DROP FUNCTION excluding_requests();
DROP FUNCTION disclosed_requests(text);
"""

SEEN = f"""
CREATE FUNCTION sees_request(wanted uuid) RETURNS boolean LANGUAGE plpgsql {DEFINED} AS $$
BEGIN RETURN EXISTS (SELECT FROM request WHERE id = wanted AND {REQUEST_SEEN}); END $$;
CREATE FUNCTION reads_in_full(wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN RETURN sight() IN ('all', 'state', 'filed', 'coordinator', 'approver')
    AND sees_request(wanted); END $$;
CREATE FUNCTION sees_match(wanted uuid) RETURNS boolean LANGUAGE plpgsql {DEFINED} AS $$
BEGIN RETURN EXISTS (SELECT FROM match WHERE id = wanted AND {MATCH_SEEN}); END $$;
CREATE FUNCTION is_matched(offer uuid) RETURNS boolean LANGUAGE plpgsql {DEFINED} AS $$
BEGIN RETURN EXISTS (SELECT FROM match WHERE offer_id = offer AND {MATCH_SEEN}); END $$;
CREATE FUNCTION sees_offer(wanted uuid) RETURNS boolean LANGUAGE plpgsql {DEFINED} AS $$
BEGIN RETURN EXISTS (SELECT FROM offer WHERE id = wanted AND {OFFER_SEEN}); END $$;
"""

SEEN_BACK = """
DROP FUNCTION sees_offer(uuid); DROP FUNCTION is_matched(uuid); DROP FUNCTION sees_match(uuid);
DROP FUNCTION reads_in_full(uuid); DROP FUNCTION sees_request(uuid);
"""

WINDOWS = f"""
CREATE FUNCTION companion_ids(wanted uuid) RETURNS uuid[] LANGUAGE sql {DEFINED} AS $$
    SELECT ARRAY(SELECT DISTINCT other.match_id FROM cover_part mine
                   JOIN cover_part other ON other.undertaking_id = mine.undertaking_id
                  WHERE mine.match_id = wanted AND other.match_id <> wanted
                    AND sees_match(wanted)) $$;
CREATE FUNCTION companions_of_provider(wanted uuid)
RETURNS TABLE (provider text, starts_on date, ends_on date) LANGUAGE sql {DEFINED} AS $$
    SELECT CASE WHEN r.confidentiality IN ('public', 'partners') THEN p.name ELSE '' END,
           m.starts_on, m.ends_on
      FROM match m JOIN request r ON r.id = m.request_id
      JOIN offer o ON o.id = m.offer_id JOIN organization p ON p.id = o.organization_id
     WHERE m.id = ANY (companion_ids(wanted))
       AND m.request_id <> (SELECT x.request_id FROM match x WHERE x.id = wanted)
     ORDER BY m.starts_on, m.id $$;
CREATE FUNCTION requests_by_group()
RETURNS TABLE (topic_group text, shown bigint, shown_states bigint, hidden bigint,
               hidden_states bigint, states bigint) LANGUAGE sql {DEFINED} AS $$
    WITH asked AS (
        SELECT DISTINCT split_part(i.topic_id, '.', 1) AS topic_group, r.id,
               r.lead_state_id AS state, r.confidentiality IN ('restricted', 'sealed') AS hidden
          FROM request_item i JOIN request r ON r.id = i.request_id
         WHERE r.opened_at IS NOT NULL
    ), large AS (
        SELECT a.topic_group FROM asked a WHERE a.hidden GROUP BY 1
        HAVING count(*) >= 5 AND count(DISTINCT a.state) >= 3)
    SELECT a.topic_group,
           count(*) FILTER (WHERE NOT a.hidden),
           count(DISTINCT a.state) FILTER (WHERE NOT a.hidden),
           count(*) FILTER (WHERE a.hidden), count(DISTINCT a.state) FILTER (WHERE a.hidden),
           count(DISTINCT a.state)
      FROM asked a WHERE NOT a.hidden OR a.topic_group IN (SELECT l.topic_group FROM large l)
     GROUP BY 1 HAVING count(*) >= 5 AND count(DISTINCT a.state) >= 3 $$;
CREATE FUNCTION offers_by_group() RETURNS TABLE (topic_group text, offers bigint)
LANGUAGE sql {DEFINED} AS $$
    SELECT split_part(s.topic_id, '.', 1), count(DISTINCT o.id)
      FROM offer_slot s JOIN offer o ON o.id = s.offer_id
      JOIN organization p ON p.id = o.organization_id
     WHERE o.state = 'published' AND o.directed_state_id IS NULL AND s.retired_at IS NULL
       AND p.verification = 'verified' GROUP BY 1 $$;
ALTER FUNCTION audit_chain() SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp;
"""
"""What may be told of rows that stay unseen: a name and dates, counts of large cells."""

WINDOWS_BACK = """
ALTER FUNCTION audit_chain() SECURITY INVOKER RESET search_path;
DROP FUNCTION offers_by_group(); DROP FUNCTION requests_by_group(); DROP FUNCTION companions_of_provider(uuid);
DROP FUNCTION companion_ids(uuid);
"""
