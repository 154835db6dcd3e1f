-- The rules a second time, over the ledger itself. Written to be read beside forecourt/policy/needs.py and decide.py.
-- `rules` has a row a use and period. Every statement judges what was written in transactions from_tx up to before_tx.

-- name: permits
WITH rule AS MATERIALIZED (
    SELECT row_number() OVER () AS nr, * FROM jsonb_to_recordset(%(rules)s::jsonb) AS r(
        version text, use text, action text, needs text, about text, hours text, recipient text, chosen boolean,
        data text[], terms text[], carrier_starts timestamptz, carrier_ends timestamptz, carrier_lacks text[],
        never_all boolean, never_data text[], held_from timestamptz, held_until timestamptz,
        start timestamptz, "end" timestamptz, opens time, closes time)
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
    SELECT same.*, rule.needs, rule.terms, rule.held_from, rule.held_until, array_remove(ARRAY[
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
            -- A recipient that the policy names has its contract there; each dealer has its own, as a row.
            CASE WHEN k.terms IS NOT NULL
                AND (p.facts ->> 'contract' <> '' OR k.held_from IS NULL OR p.decided_at < k.held_from OR p.decided_at >= k.held_until)
                AND NOT EXISTS (
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

-- name: shares
WITH rule AS MATERIALIZED (
    SELECT DISTINCT version, use, data FROM jsonb_to_recordset(%(rules)s::jsonb) AS r(version text, use text, data text[])
), share AS MATERIALIZED (
    SELECT s.id, s.use, s.state, s.recipient_id, s.permit, p.id IS NULL AS unpermitted, p.policy_version,
           p.contact <> s.contact_id OR p.use <> s.use OR p.interaction <> s.interaction OR p.recipient <> s.recipient_id AS is_other
    FROM sharing_share s LEFT JOIN consent_permit p ON p.id = s.permit
    WHERE s.contact_id BETWEEN %(first)s AND %(last)s AND s.state IN ('left', 'handing', 'unknown') AND (cardinality(%(uses)s::text[]) = 0 OR s.use = ANY (%(uses)s::text[]))
      AND (p.id IS NULL OR p.decided_at >= %(since)s AND p.decided_at < %(until)s AND p.tx >= %(from_tx)s AND p.tx < %(before_tx)s)
)
SELECT 'no-permit', id::text, use FROM share WHERE unpermitted
UNION ALL SELECT 'other-permit', id::text, use FROM share WHERE is_other
UNION ALL SELECT 'no-receipt', s.id::text, s.use FROM share s LEFT JOIN sharing_receipt r ON r.share_id = s.id WHERE s.state = 'left' AND r.id IS NULL
UNION ALL SELECT 'other-receipt', s.id::text, s.use FROM share s JOIN sharing_receipt r ON r.share_id = s.id
 WHERE r.recipient <> s.recipient_id OR r.permit <> s.permit
    OR NOT EXISTS (SELECT FROM rule WHERE rule.use = s.use AND rule.version = s.policy_version)
    OR EXISTS (SELECT FROM unnest(r.fields) field, rule WHERE rule.use = s.use AND rule.version = s.policy_version
               AND NOT EXISTS (SELECT FROM unnest(rule.data) wider WHERE field = wider OR starts_with(field, wider || '.')));

-- name: choices
-- What was said about the switches. `asks` are those of which a use needs a yes; `binds` all by which it can be refused.
WITH RECURSIVE rule AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(rules)s::jsonb) AS r(
        version text, use text, needs text, asks text[], binds text[], start timestamptz, "end" timestamptz)
    WHERE cardinality(binds) > 0
), permit AS MATERIALIZED (
    SELECT p.id, p.contact, p.use, p.as_of, p.seqs, p.decided_at, rule.needs, rule.asks, rule.binds
    FROM consent_permit p JOIN rule ON rule.version = p.policy_version AND rule.use = p.use
                                   AND p.decided_at >= rule.start AND p.decided_at < rule."end"
    WHERE p.decided_at >= %(since)s AND p.decided_at < %(until)s AND p.tx >= %(from_tx)s AND p.tx < %(before_tx)s
      AND p.contact BETWEEN %(first)s AND %(last)s AND (cardinality(%(uses)s::text[]) = 0 OR p.use = ANY (%(uses)s::text[]))
), own AS (
    SELECT p.id, switch, switch = ANY (p.asks) AS asked,
           coalesce(max(e.seq) FILTER (WHERE e.verb = 'granted'), 0) AS granted,
           coalesce(max(e.seq) FILTER (WHERE e.verb = 'withdrew'), 0) AS withdrew
    FROM permit p CROSS JOIN unnest(p.binds) switch
    LEFT JOIN consent_entry e ON e.contact = p.contact AND e.seq <= p.as_of AND e.channel = 'data' AND e.scope = 'purpose:' || switch
    GROUP BY p.id, switch, p.asks
), said AS (
    SELECT id, bool_or(withdrew > granted) AS refused, bool_or(asked AND granted <= withdrew) AS not_chosen,
           bool_or(asked AND withdrew > granted) AS opted_out,
           coalesce(array_agg(granted ORDER BY granted) FILTER (WHERE asked AND granted > 0), '{}') AS yeses,
           coalesce(array_agg(withdrew ORDER BY withdrew) FILTER (WHERE asked AND withdrew > 0), '{}') AS noes
    FROM own GROUP BY id
), pair AS (
    SELECT browser AS one, contact AS other, at FROM people_link UNION ALL SELECT contact, browser, at FROM people_link
), reached (first, other, since) AS (
    SELECT one, other, at FROM pair WHERE one IN (SELECT contact FROM permit)
    UNION SELECT r.first, pair.other, greatest(r.since, pair.at) FROM reached r JOIN pair ON pair.one = r.other
), elsewhere AS (
    -- A no in somebody's own words, by anybody known to be the same. Others' clocks are no order, so a minute is left between.
    SELECT p.id, bool_or(r.since < p.decided_at - interval '1 minute' AND e.at < p.decided_at - interval '1 minute'
            AND NOT EXISTS (SELECT FROM consent_entry g WHERE g.contact = e.contact AND g.channel = 'data' AND g.scope = e.scope
                            AND g.verb = 'granted' AND g.seq > e.seq AND g.at < p.decided_at + interval '1 minute')) AS refused
    FROM permit p JOIN reached r ON r.first = p.contact AND r.other <> p.contact
    JOIN consent_entry e ON e.contact = r.other AND e.channel = 'data' AND e.verb = 'withdrew' AND e.by <> 'linked'
                        AND e.at < p.decided_at + interval '1 minute' AND e.scope IN (SELECT 'purpose:' || switch FROM unnest(p.binds) switch)
    GROUP BY p.id
), judged AS (
    SELECT p.id, p.use, array_remove(ARRAY[
        CASE WHEN p.needs <> 'an opt-out' AND (said.refused OR elsewhere.refused) THEN 'opted-out' END,
        CASE p.needs
            WHEN 'a yes to its switches' THEN CASE
                WHEN said.not_chosen THEN 'not-chosen' WHEN p.seqs <> said.yeses THEN 'other-seqs' END
            WHEN 'an opt-out' THEN CASE
                WHEN NOT said.opted_out AND elsewhere.id IS NULL THEN 'not-requested' WHEN p.seqs <> said.noes THEN 'other-seqs' END
        END], NULL) AS codes
    FROM permit p JOIN said USING (id) LEFT JOIN elsewhere USING (id)
)
SELECT code, id::text, use FROM judged, unnest(codes) code WHERE cardinality(codes) > 0;

-- name: ledger
-- What stands, and that no entry is missing but those that went on their day, for every contact of whom something was written down in
-- these transactions.
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
  JOIN people_contact c ON c.subject_id = g.contact LEFT JOIN consent_overtaken o ON o.contact = g.contact
 WHERE g.entries + coalesce(o.entries, 0) <> g.last OR g.last <> c.seq;

-- name: counts
SELECT count(*), count(m.id), count(l.id), count(s.id) FROM consent_permit p LEFT JOIN sharing_share s ON s.permit = p.id AND s.state = 'left'
  LEFT JOIN messaging_message m ON m.permit = p.id AND m.state = 'left' LEFT JOIN sharing_lead l ON l.permit = p.id AND l.state = 'left'
 WHERE p.contact BETWEEN %(first)s AND %(last)s AND p.decided_at >= %(since)s AND p.decided_at < %(until)s AND p.tx >= %(from_tx)s AND p.tx < %(before_tx)s
   AND (cardinality(%(uses)s::text[]) = 0 OR p.use = ANY (%(uses)s::text[]));
