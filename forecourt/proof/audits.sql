-- The rules a second time, over the ledger itself. Written to be read beside forecourt/policy/needs.py and decide.py.
-- `rules` has a row a use and period. Every statement judges what was written in transactions from_tx up to before_tx.

-- name: permits
WITH rule AS MATERIALIZED (
    SELECT row_number() OVER () AS nr, * FROM jsonb_to_recordset(%(rules)s::jsonb) AS r(
        version text, use text, action text, needs text, about text, hours text, recipient text, chosen boolean,
        data text[], terms text[], carrier_starts timestamptz, carrier_ends timestamptz, carrier_lacks text[],
        never_all boolean, never_data text[], start timestamptz, "end" timestamptz, opens time, closes time)
), permit AS MATERIALIZED (
    SELECT p.id, p.contact, p.use, p.recipient, p.interaction, p.interaction_type, p.policy_version, p.as_of, p.seqs, p.facts, p.decided_at,
           rule.nr, rule.action,
           -- Hours begin and end on whole minutes, and many texts leave in one.
           CASE WHEN rule.hours = 'quiet' THEN date_trunc('minute', p.decided_at) ELSE rule.start END AS minute,
           p.decided_at < rule.carrier_starts OR p.decided_at >= rule.carrier_ends OR cardinality(rule.carrier_lacks) > 0 AS uncarried
    FROM consent_permit p
    LEFT JOIN rule ON rule.version = p.policy_version AND rule.use = p.use
                  AND p.decided_at >= rule.start AND p.decided_at < rule."end"
    WHERE p.decided_at >= %(since)s AND p.decided_at < %(until)s AND p.tx >= %(from_tx)s AND p.tx < %(before_tx)s
      AND p.contact BETWEEN %(first)s AND %(last)s AND (cardinality(%(uses)s::text[]) = 0 OR p.use = ANY (%(uses)s::text[]))
), moment AS (
    -- Permits of one contact that were given between the same two words of theirs rest on the same history.
    SELECT DISTINCT contact, as_of, action, interaction, interaction_type FROM permit WHERE nr IS NOT NULL
), heard AS MATERIALIZED (
    SELECT m.contact, m.as_of, m.action, m.interaction, m.interaction_type,
        coalesce(max(e.seq) FILTER (WHERE e.verb = 'granted' AND e.channel = m.action AND e.scope = m.interaction AND e.scope <> ''), 0) AS granted,
        coalesce(max(e.seq) FILTER (WHERE e.verb = 'asked' AND e.scope = m.interaction AND e.scope <> ''), 0) AS asked,
        coalesce(max(e.seq) FILTER (WHERE e.verb = 'started' AND e.scope IN ('all', 'type:' || m.interaction_type)), 0) AS started,
        coalesce(max(e.seq) FILTER (WHERE e.verb = 'started'), 0) AS started_at_all,
        coalesce(max(e.seq) FILTER (WHERE e.verb = 'wrong-number'), 0) AS wrong,
        coalesce(max(e.seq) FILTER (WHERE e.verb = 'stopped' AND e.scope IN ('all', 'type:' || m.interaction_type, m.interaction)), 0) AS stopped,
        coalesce(max(e.seq) FILTER (WHERE e.verb = 'stopped'), 0) AS stopped_at_all,
        coalesce(max(e.seq) FILTER (WHERE e.verb = 'withdrew' AND e.scope IN ('all', 'type:' || m.interaction_type, m.interaction)), 0) AS withdrew,
        coalesce(max(e.seq) FILTER (WHERE e.verb = 'withdrew'), 0) AS withdrew_at_all,
        -- A withdrawal that no later yes to the same thing took back: what a confirmation may rest on.
        coalesce(max(e.seq) FILTER (WHERE e.verb = 'withdrew' AND NOT EXISTS (
            SELECT FROM consent_entry g WHERE g.contact = e.contact AND g.channel = e.channel AND g.scope = e.scope
               AND g.verb = 'granted' AND g.seq > e.seq AND g.seq <= m.as_of)), 0) AS standing_no
    FROM moment m LEFT JOIN consent_entry e ON e.contact = m.contact AND e.seq <= m.as_of AND e.channel IN (m.action, 'all')
    GROUP BY m.contact, m.as_of, m.action, m.interaction, m.interaction_type
), kind AS MATERIALIZED (
    -- What has nothing to do with who it is about is the same for many permits, so it is judged once each.
    SELECT same.*, rule.needs, rule.terms, array_remove(ARRAY[
        CASE WHEN rule.about <> '' AND same.interaction_type <> rule.about THEN 'wrong-interaction' END,
        CASE WHEN EXISTS (
            SELECT FROM jsonb_array_elements_text(sent) one
            WHERE NOT EXISTS (SELECT FROM unnest(rule.data) wider WHERE one = wider OR starts_with(one, wider || '.')))
            THEN 'undeclared-data' END,
        CASE WHEN rule.never_all OR EXISTS (
            SELECT FROM jsonb_array_elements_text(CASE WHEN sent = '[]' THEN to_jsonb(rule.data) ELSE sent END) one,
                        unnest(rule.never_data) never
            WHERE one = never OR starts_with(one, never || '.') OR starts_with(never, one || '.'))
            THEN 'forbidden' END,
        CASE WHEN rule.hours = 'quiet' AND (zones = '[]' OR EXISTS (
            SELECT FROM jsonb_array_elements_text(zones) zone
            WHERE (minute AT TIME ZONE zone)::time < rule.opens OR (minute AT TIME ZONE zone)::time >= rule.closes))
            THEN 'quiet-hours' END,
        CASE WHEN CASE WHEN rule.recipient = '' THEN same.recipient <> '' WHEN rule.chosen THEN same.recipient = ''
                       ELSE same.recipient <> rule.recipient END
            THEN 'wrong-recipient' END], NULL) AS codes
    FROM (SELECT DISTINCT nr, facts, minute, recipient, interaction_type FROM permit WHERE nr IS NOT NULL) same
    JOIN rule USING (nr) CROSS JOIN LATERAL (SELECT facts -> 'zones' AS zones, facts -> 'data' AS sent) fact
), judged AS (
    SELECT p.id, p.use,
        CASE WHEN p.nr IS NULL THEN ARRAY[
            CASE WHEN EXISTS (SELECT FROM rule WHERE rule.version = p.policy_version AND rule.use = p.use)
                 THEN 'not-in-force' ELSE 'unknown-use' END]
        ELSE k.codes || array_remove(ARRAY[
            CASE k.needs
                WHEN 'consent to this interaction' THEN CASE
                    WHEN h.granted = 0 THEN 'never-asked'
                    WHEN h.wrong > h.started THEN 'wrong-number'
                    WHEN h.stopped > h.started THEN 'stopped'
                    WHEN h.withdrew > greatest(h.granted, h.started) THEN 'withdrawn'
                    WHEN p.seqs <> CASE WHEN greatest(h.wrong, h.stopped) > 0 OR h.withdrew > h.granted
                                        THEN ARRAY[h.granted, h.started] ELSE ARRAY[h.granted] END THEN 'other-seqs' END
                WHEN 'request of this interaction' THEN CASE
                    WHEN h.asked = 0 THEN 'not-requested'
                    WHEN p.action <> 'share' AND h.wrong > h.asked THEN 'wrong-number'
                    WHEN p.action <> 'share' AND h.stopped > greatest(h.asked, h.withdrew) THEN 'stopped'
                    WHEN h.withdrew > h.asked THEN 'withdrawn'
                    WHEN p.seqs <> ARRAY[h.asked] THEN 'other-seqs' END
                WHEN 'stop of this contact' THEN CASE
                    WHEN h.wrong > h.started_at_all THEN 'wrong-number'
                    WHEN greatest(h.stopped_at_all, h.standing_no) <= h.started_at_all THEN 'not-requested'
                    WHEN p.seqs <> ARRAY[greatest(h.stopped_at_all, h.standing_no)] THEN 'other-seqs' END
                WHEN 'start of this contact' THEN CASE
                    WHEN h.started_at_all = 0 THEN 'not-requested'
                    WHEN h.wrong > h.started_at_all THEN 'wrong-number'
                    WHEN h.stopped_at_all > h.started_at_all THEN 'stopped'
                    WHEN h.withdrew_at_all > h.started_at_all THEN 'withdrawn'
                    WHEN p.seqs <> ARRAY[h.started_at_all] THEN 'other-seqs' END
            END,
            CASE WHEN frozen.frozen_at <= p.decided_at THEN 'frozen' END,
            CASE WHEN k.terms IS NOT NULL AND NOT EXISTS (
                SELECT FROM consent_signedcontract signed
                WHERE signed.recipient = p.recipient AND signed.version = p.facts ->> 'contract'
                  AND signed.starts <= p.decided_at AND p.decided_at < signed.ends AND signed.terms::text[] @> k.terms)
                THEN 'no-contract' END,
            CASE WHEN p.uncarried THEN 'carrier-contract' END], NULL)
        END AS codes
    FROM permit p
    LEFT JOIN kind k ON k.nr = p.nr AND k.facts = p.facts AND k.minute = p.minute AND k.recipient = p.recipient
                    AND k.interaction_type = p.interaction_type
    LEFT JOIN heard h ON h.contact = p.contact AND h.as_of = p.as_of AND h.action = p.action AND h.interaction = p.interaction
                     AND h.interaction_type = p.interaction_type
    LEFT JOIN (SELECT subject_id, frozen_at FROM people_contact WHERE frozen_at IS NOT NULL) frozen ON frozen.subject_id = p.contact
)
SELECT code, id::text, use FROM judged, unnest(codes) code WHERE cardinality(codes) > 0;

-- name: messages
WITH rule AS MATERIALIZED (
    SELECT DISTINCT use, needs FROM jsonb_to_recordset(%(rules)s::jsonb) AS r(use text, needs text)
), permitted AS MATERIALIZED (
    -- Only those of which one of the questions below may find something.
    SELECT m.id, m.use AS message_use, m.expires, p.contact, p.use, p.seqs, p.decided_at,
           p.contact <> m.contact_id OR p.use <> m.use OR p.interaction <> m.interaction AS is_other
    FROM messaging_message m JOIN consent_permit p ON p.id = m.permit
    WHERE m.state IN ('left', 'handing', 'unknown') AND m.contact_id BETWEEN %(first)s AND %(last)s
      AND p.decided_at >= %(since)s AND p.decided_at < %(until)s AND p.tx >= %(from_tx)s AND p.tx < %(before_tx)s
      AND (cardinality(%(uses)s::text[]) = 0 OR m.use = ANY (%(uses)s::text[]))
      AND (p.contact <> m.contact_id OR p.use <> m.use OR p.interaction <> m.interaction OR p.decided_at >= m.expires
           OR p.use IN (SELECT use FROM rule WHERE needs IN ('stop of this contact', 'start of this contact')))
)
SELECT 'no-permit', m.id::text, m.use FROM messaging_message m
 WHERE m.contact_id BETWEEN %(first)s AND %(last)s AND m.permit IS NULL AND m.state IN ('left', 'handing', 'unknown') AND m.queued_at >= %(since)s AND m.queued_at < %(until)s
   AND (cardinality(%(uses)s::text[]) = 0 OR m.use = ANY (%(uses)s::text[]))
UNION ALL SELECT 'other-permit', id::text, use FROM permitted WHERE is_other
UNION ALL SELECT 'too-late', id::text, use FROM permitted WHERE decided_at >= expires
UNION ALL SELECT 'two-confirmations', min(id::text), use FROM permitted JOIN rule USING (use)
 WHERE rule.needs IN ('stop of this contact', 'start of this contact') GROUP BY contact, use, seqs HAVING count(*) > 1;

-- name: leads
WITH rule AS MATERIALIZED (
    SELECT DISTINCT version, use, data FROM jsonb_to_recordset(%(rules)s::jsonb) AS r(version text, use text, data text[])
), lead AS MATERIALIZED (
    SELECT l.id, l.use, l.state, l.chosen, l.recipient_id, l.permit, p.id IS NULL AS unpermitted, p.policy_version,
           p.contact <> l.contact_id OR p.use <> l.use OR p.interaction <> l.interaction OR p.recipient <> l.recipient_id AS is_other
    FROM sharing_lead l LEFT JOIN consent_permit p ON p.id = l.permit
    WHERE l.contact_id BETWEEN %(first)s AND %(last)s AND l.state IN ('left', 'handing', 'unknown') AND (cardinality(%(uses)s::text[]) = 0 OR l.use = ANY (%(uses)s::text[]))
      AND (p.id IS NULL OR p.decided_at >= %(since)s AND p.decided_at < %(until)s AND p.tx >= %(from_tx)s AND p.tx < %(before_tx)s)
)
SELECT 'no-permit', id::text, use FROM lead WHERE unpermitted
UNION ALL SELECT 'other-permit', id::text, use FROM lead WHERE is_other
UNION ALL SELECT 'wrong-recipient', id::text, use FROM lead WHERE recipient_id <> chosen
UNION ALL SELECT 'no-receipt', l.id::text, l.use FROM lead l LEFT JOIN sharing_receipt r ON r.lead_id = l.id WHERE l.state = 'left' AND r.id IS NULL
UNION ALL SELECT 'other-receipt', l.id::text, l.use FROM lead l JOIN sharing_receipt r ON r.lead_id = l.id
 WHERE r.recipient <> l.recipient_id OR r.permit <> l.permit
    OR NOT EXISTS (SELECT FROM rule WHERE rule.use = l.use AND rule.version = l.policy_version)
    OR EXISTS (SELECT FROM unnest(r.fields) field, rule WHERE rule.use = l.use AND rule.version = l.policy_version
               AND NOT EXISTS (SELECT FROM unnest(rule.data) wider WHERE field = wider OR starts_with(field, wider || '.')));

-- name: ledger
-- What stands, and that no entry is missing, for every contact of whom something was written down in these transactions.
WITH spoke AS MATERIALIZED (
    SELECT DISTINCT contact FROM consent_entry
    WHERE contact BETWEEN %(first)s AND %(last)s AND tx >= %(from_tx)s AND (tx < %(before_tx)s OR %(from_tx)s = 0)
), held AS MATERIALIZED (
    SELECT e.contact, e.channel, e.scope, count(*) AS entries, max(e.seq) AS last,
           coalesce(max(e.seq) FILTER (WHERE verb = 'asked'), 0) AS asked, coalesce(max(e.seq) FILTER (WHERE verb = 'granted'), 0) AS granted,
           coalesce(max(e.seq) FILTER (WHERE verb = 'withdrew'), 0) AS withdrew, coalesce(max(e.seq) FILTER (WHERE verb = 'stopped'), 0) AS stopped,
           coalesce(max(e.seq) FILTER (WHERE verb = 'started'), 0) AS started,
           coalesce(max(e.seq) FILTER (WHERE verb = 'wrong-number'), 0) AS wrong_number
    FROM consent_entry e JOIN spoke USING (contact) GROUP BY e.contact, e.channel, e.scope
), standing AS (
    SELECT s.* FROM consent_standing s WHERE s.contact BETWEEN %(first)s AND %(last)s AND (%(from_tx)s = 0 OR s.contact IN (SELECT contact FROM spoke))
)
SELECT DISTINCT 'standing', coalesce(h.contact, s.contact)::text, '' FROM held h FULL JOIN standing s USING (contact, channel, scope)
 WHERE (h.asked, h.granted, h.withdrew, h.stopped, h.started, h.wrong_number)
       IS DISTINCT FROM (s.asked, s.granted, s.withdrew, s.stopped, s.started, s.wrong_number)
UNION ALL SELECT 'gap', g.contact::text, '' FROM (SELECT contact, sum(entries) AS entries, max(last) AS last FROM held GROUP BY contact) g
  JOIN people_contact c ON c.subject_id = g.contact WHERE g.entries <> g.last OR g.last <> c.seq;

-- name: counts
SELECT count(*), count(m.id), count(l.id) FROM consent_permit p
  LEFT JOIN messaging_message m ON m.permit = p.id AND m.state = 'left' LEFT JOIN sharing_lead l ON l.permit = p.id AND l.state = 'left'
 WHERE p.contact BETWEEN %(first)s AND %(last)s AND p.decided_at >= %(since)s AND p.decided_at < %(until)s AND p.tx >= %(from_tx)s AND p.tx < %(before_tx)s
   AND (cardinality(%(uses)s::text[]) = 0 OR p.use = ANY (%(uses)s::text[]));
