-- The rules a second time, over the ledger itself. Written to be read beside forecourt/policy/needs.py and decide.py.
-- `rules` has a row a use and period; `heard` is what the ledger held about a permit's contact when it was given.

-- name: permits
WITH rule AS (
    SELECT * FROM jsonb_to_recordset(%(rules)s::jsonb) AS r(
        version text, use text, action text, needs text, about text, hours text, recipient text, chosen boolean,
        data text[], terms text[], carrier_starts timestamptz, carrier_ends timestamptz, carrier_lacks text[],
        never_all boolean, never_data text[], start timestamptz, "end" timestamptz, opens time, closes time)
), permit AS (
    SELECT p.*, coalesce(rule.version IS NOT NULL, false) AS ruled, rule.action, rule.needs, rule.about, rule.hours,
           rule.recipient AS to_whom, rule.chosen, rule.data, rule.terms, rule.carrier_starts, rule.carrier_ends,
           rule.carrier_lacks, rule.never_all, rule.never_data, rule.opens, rule.closes,
           ARRAY['all', 'type:' || p.interaction_type] AS types
    FROM consent_permit p
    LEFT JOIN rule ON rule.version = p.policy_version AND rule.use = p.use
                  AND p.decided_at >= rule.start AND p.decided_at < rule."end"
    WHERE p.decided_at >= %(since)s AND p.decided_at < %(until)s
      AND p.tx >= %(from_tx)s::text::xid8 AND p.tx < %(before_tx)s::text::xid8
      AND (cardinality(%(uses)s::text[]) = 0 OR p.use = ANY (%(uses)s::text[]))
), heard AS (
    SELECT p.id,
        coalesce(max(e.seq) FILTER (WHERE e.verb = 'granted' AND e.channel = p.action AND e.scope = p.interaction AND p.interaction <> ''), 0) AS granted,
        coalesce(max(e.seq) FILTER (WHERE e.verb = 'asked' AND e.channel IN (p.action, 'all') AND e.scope = p.interaction AND p.interaction <> ''), 0) AS asked,
        coalesce(max(e.seq) FILTER (WHERE e.verb = 'started' AND e.channel IN (p.action, 'all') AND e.scope = ANY (p.types)), 0) AS started,
        coalesce(max(e.seq) FILTER (WHERE e.verb = 'started' AND e.channel IN (p.action, 'all')), 0) AS started_at_all,
        coalesce(max(e.seq) FILTER (WHERE e.verb = 'wrong-number' AND e.channel IN (p.action, 'all')), 0) AS wrong,
        coalesce(max(e.seq) FILTER (WHERE e.verb = 'stopped' AND e.channel IN (p.action, 'all') AND (e.scope = ANY (p.types) OR e.scope = p.interaction)), 0) AS stopped,
        coalesce(max(e.seq) FILTER (WHERE e.verb = 'stopped' AND e.channel IN (p.action, 'all')), 0) AS stopped_at_all,
        coalesce(max(e.seq) FILTER (WHERE e.verb = 'withdrew' AND e.channel IN (p.action, 'all') AND (e.scope = ANY (p.types) OR e.scope = p.interaction)), 0) AS withdrew,
        coalesce(max(e.seq) FILTER (WHERE e.verb = 'withdrew' AND e.channel IN (p.action, 'all')), 0) AS withdrew_at_all
    FROM permit p LEFT JOIN consent_entry e ON e.contact = p.contact AND e.seq <= p.as_of
    WHERE p.ruled
    GROUP BY p.id
), standing_no AS (
    -- A withdrawal that no later yes to the same thing took back: what a confirmation may rest on.
    SELECT p.id, max(w.seq) AS seq
    FROM permit p JOIN consent_entry w ON w.contact = p.contact AND w.seq <= p.as_of
    WHERE p.needs = 'stop of this contact' AND w.verb = 'withdrew' AND w.channel IN (p.action, 'all')
      AND NOT EXISTS (SELECT FROM consent_entry g WHERE g.contact = w.contact AND g.channel = w.channel AND g.scope = w.scope
                      AND g.verb = 'granted' AND g.seq > w.seq AND g.seq <= p.as_of)
    GROUP BY p.id
), said AS (
    SELECT p.id, p.seqs,
        CASE p.needs
            WHEN 'nothing' THEN ''
            WHEN 'an opened case' THEN ''
            WHEN 'consent to this interaction' THEN CASE
                WHEN h.granted = 0 THEN 'never-asked'
                WHEN h.wrong > h.started THEN 'wrong-number'
                WHEN h.stopped > h.started THEN 'stopped'
                WHEN h.withdrew > greatest(h.granted, h.started) THEN 'withdrawn'
                ELSE '' END
            WHEN 'request of this interaction' THEN CASE
                WHEN h.asked = 0 THEN 'not-requested'
                WHEN p.action <> 'share' AND h.wrong > h.asked THEN 'wrong-number'
                WHEN p.action <> 'share' AND h.stopped > greatest(h.asked, h.withdrew) THEN 'stopped'
                WHEN h.withdrew > h.asked THEN 'withdrawn'
                ELSE '' END
            WHEN 'stop of this contact' THEN CASE
                WHEN h.wrong > h.started_at_all THEN 'wrong-number'
                WHEN greatest(h.stopped_at_all, coalesce(n.seq, 0)) <= h.started_at_all THEN 'not-requested'
                ELSE '' END
            WHEN 'start of this contact' THEN CASE
                WHEN h.started_at_all = 0 THEN 'not-requested'
                WHEN h.wrong > h.started_at_all THEN 'wrong-number'
                WHEN h.stopped_at_all > h.started_at_all THEN 'stopped'
                WHEN h.withdrew_at_all > h.started_at_all THEN 'withdrawn'
                ELSE '' END
        END AS no,
        CASE p.needs
            WHEN 'consent to this interaction' THEN
                CASE WHEN greatest(h.wrong, h.stopped) > 0 OR h.withdrew > h.granted THEN ARRAY[h.granted, h.started] ELSE ARRAY[h.granted] END
            WHEN 'request of this interaction' THEN ARRAY[h.asked]
            WHEN 'stop of this contact' THEN ARRAY[greatest(h.stopped_at_all, coalesce(n.seq, 0))]
            WHEN 'start of this contact' THEN ARRAY[h.started_at_all]
            ELSE '{}'::bigint[]
        END AS rests
    FROM permit p JOIN heard h USING (id) LEFT JOIN standing_no n USING (id)
), sent AS (
    -- The sets of data that ever left under a use are few, so they are judged once each.
    SELECT DISTINCT policy_version, use, facts -> 'data' AS what, data, never_all, never_data FROM permit WHERE ruled
), carried AS (
    SELECT policy_version, use, what,
        EXISTS (SELECT FROM jsonb_array_elements_text(what) one
                WHERE NOT EXISTS (SELECT FROM unnest(data) wider WHERE one = wider OR starts_with(one, wider || '.'))) AS undeclared,
        never_all OR EXISTS (
            SELECT FROM jsonb_array_elements_text(CASE WHEN what = '[]' THEN to_jsonb(data) ELSE what END) one, unnest(never_data) never
            WHERE one = never OR starts_with(one, never || '.') OR starts_with(never, one || '.')) AS forbidden
    FROM sent
)
SELECT 'unknown-use', p.id::text, p.use FROM permit p
 WHERE NOT p.ruled AND NOT EXISTS (SELECT FROM rule WHERE rule.version = p.policy_version AND rule.use = p.use)
UNION ALL SELECT 'not-in-force', p.id::text, p.use FROM permit p
 WHERE NOT p.ruled AND EXISTS (SELECT FROM rule WHERE rule.version = p.policy_version AND rule.use = p.use)
UNION ALL SELECT 'wrong-interaction', p.id::text, p.use FROM permit p WHERE p.about <> '' AND p.interaction_type <> p.about
UNION ALL SELECT s.no, p.id::text, p.use FROM said s JOIN permit p USING (id) WHERE s.no <> ''
UNION ALL SELECT 'other-seqs', p.id::text, p.use FROM said s JOIN permit p USING (id) WHERE s.no = '' AND s.rests <> p.seqs
UNION ALL SELECT 'undeclared-data', p.id::text, p.use FROM permit p
  JOIN carried c ON c.policy_version = p.policy_version AND c.use = p.use AND c.what = p.facts -> 'data' WHERE c.undeclared
UNION ALL SELECT 'forbidden', p.id::text, p.use FROM permit p
  JOIN carried c ON c.policy_version = p.policy_version AND c.use = p.use AND c.what = p.facts -> 'data' WHERE c.forbidden
UNION ALL SELECT 'frozen', p.id::text, p.use FROM permit p JOIN people_contact c ON c.subject_id = p.contact WHERE c.frozen_at <= p.decided_at
UNION ALL SELECT 'quiet-hours', p.id::text, p.use FROM permit p
 WHERE p.hours = 'quiet' AND (jsonb_array_length(p.facts -> 'zones') = 0 OR EXISTS (
     SELECT FROM jsonb_array_elements_text(p.facts -> 'zones') zone
     WHERE (p.decided_at AT TIME ZONE zone)::time < p.opens OR (p.decided_at AT TIME ZONE zone)::time >= p.closes))
UNION ALL SELECT 'wrong-recipient', p.id::text, p.use FROM permit p
 WHERE p.ruled AND CASE WHEN p.to_whom = '' THEN p.recipient <> '' WHEN p.chosen THEN p.recipient = '' ELSE p.recipient <> p.to_whom END
UNION ALL SELECT 'no-contract', p.id::text, p.use FROM permit p
 WHERE p.terms IS NOT NULL AND NOT EXISTS (
     SELECT FROM consent_signedcontract c
     WHERE c.recipient = p.recipient AND c.version = p.facts ->> 'contract' AND c.starts <= p.decided_at AND p.decided_at < c.ends
       AND c.terms::text[] @> p.terms)
UNION ALL SELECT 'carrier-contract', p.id::text, p.use FROM permit p
 WHERE p.carrier_starts IS NOT NULL
   AND (p.decided_at < p.carrier_starts OR p.decided_at >= p.carrier_ends OR cardinality(p.carrier_lacks) > 0);

-- name: messages
WITH rule AS (
    SELECT DISTINCT use, needs FROM jsonb_to_recordset(%(rules)s::jsonb) AS r(use text, needs text)
), message AS (
    SELECT * FROM messaging_message
    WHERE state IN ('left', 'handing', 'unknown') AND (cardinality(%(uses)s::text[]) = 0 OR use = ANY (%(uses)s::text[]))
), permitted AS (
    SELECT m.id, m.use AS message_use, m.contact_id, m.interaction AS message_about, m.expires, p.*
    FROM message m JOIN consent_permit p ON p.id = m.permit
    WHERE p.decided_at >= %(since)s AND p.decided_at < %(until)s
      AND p.tx >= %(from_tx)s::text::xid8 AND p.tx < %(before_tx)s::text::xid8
)
SELECT 'no-permit', m.id::text, m.use FROM message m LEFT JOIN consent_permit p ON p.id = m.permit
 WHERE p.id IS NULL AND coalesce(m.left_at, m.queued_at) >= %(since)s AND coalesce(m.left_at, m.queued_at) < %(until)s
UNION ALL SELECT 'other-permit', message_use, use FROM permitted
 WHERE contact <> contact_id OR use <> message_use OR interaction <> message_about
UNION ALL SELECT 'permit-twice', m.permit::text, min(m.use) FROM message m WHERE m.permit IS NOT NULL GROUP BY m.permit HAVING count(*) > 1
UNION ALL SELECT 'too-late', message_use, use FROM permitted WHERE decided_at >= expires
UNION ALL SELECT 'two-confirmations', min(message_use), use FROM permitted JOIN rule USING (use)
 WHERE rule.needs IN ('stop of this contact', 'start of this contact') GROUP BY contact, use, seqs HAVING count(*) > 1;

-- name: leads
WITH rule AS (
    SELECT DISTINCT version, use, data FROM jsonb_to_recordset(%(rules)s::jsonb) AS r(version text, use text, data text[])
), lead AS (
    SELECT l.* FROM sharing_lead l LEFT JOIN consent_permit p ON p.id = l.permit
    WHERE l.state IN ('left', 'handing', 'unknown') AND (cardinality(%(uses)s::text[]) = 0 OR l.use = ANY (%(uses)s::text[]))
      AND (p.id IS NULL OR p.decided_at >= %(since)s AND p.decided_at < %(until)s
           AND p.tx >= %(from_tx)s::text::xid8 AND p.tx < %(before_tx)s::text::xid8)
)
SELECT 'no-permit', l.id::text, l.use FROM lead l LEFT JOIN consent_permit p ON p.id = l.permit WHERE p.id IS NULL
UNION ALL SELECT 'other-permit', l.id::text, l.use FROM lead l JOIN consent_permit p ON p.id = l.permit
 WHERE p.contact <> l.contact_id OR p.use <> l.use OR p.interaction <> l.interaction OR p.recipient <> l.recipient_id
UNION ALL SELECT 'permit-twice', l.permit::text, min(l.use) FROM lead l WHERE l.permit IS NOT NULL GROUP BY l.permit HAVING count(*) > 1
UNION ALL SELECT 'wrong-recipient', l.id::text, l.use FROM lead l WHERE l.recipient_id <> l.chosen
UNION ALL SELECT 'no-receipt', l.id::text, l.use FROM lead l LEFT JOIN sharing_receipt r ON r.lead_id = l.id WHERE l.state = 'left' AND r.id IS NULL
UNION ALL SELECT 'other-receipt', l.id::text, l.use FROM lead l JOIN sharing_receipt r ON r.lead_id = l.id
  JOIN consent_permit p ON p.id = l.permit
 WHERE r.recipient <> l.recipient_id OR r.permit <> l.permit
    OR NOT EXISTS (SELECT FROM rule WHERE rule.use = l.use AND rule.version = p.policy_version)
    OR EXISTS (SELECT FROM unnest(r.fields) field, rule WHERE rule.use = l.use AND rule.version = p.policy_version
               AND NOT EXISTS (SELECT FROM unnest(rule.data) wider WHERE field = wider OR starts_with(field, wider || '.')));

-- name: ledger
SELECT 'standing', contact::text, '' FROM (
    (SELECT contact, channel, scope,
            coalesce(max(seq) FILTER (WHERE verb = 'asked'), 0), coalesce(max(seq) FILTER (WHERE verb = 'granted'), 0),
            coalesce(max(seq) FILTER (WHERE verb = 'withdrew'), 0), coalesce(max(seq) FILTER (WHERE verb = 'stopped'), 0),
            coalesce(max(seq) FILTER (WHERE verb = 'started'), 0), coalesce(max(seq) FILTER (WHERE verb = 'wrong-number'), 0)
     FROM consent_entry GROUP BY contact, channel, scope
     EXCEPT SELECT contact, channel, scope, asked, granted, withdrew, stopped, started, wrong_number FROM consent_standing)
    UNION
    (SELECT contact, channel, scope, asked, granted, withdrew, stopped, started, wrong_number FROM consent_standing
     EXCEPT SELECT contact, channel, scope,
            coalesce(max(seq) FILTER (WHERE verb = 'asked'), 0), coalesce(max(seq) FILTER (WHERE verb = 'granted'), 0),
            coalesce(max(seq) FILTER (WHERE verb = 'withdrew'), 0), coalesce(max(seq) FILTER (WHERE verb = 'stopped'), 0),
            coalesce(max(seq) FILTER (WHERE verb = 'started'), 0), coalesce(max(seq) FILTER (WHERE verb = 'wrong-number'), 0)
     FROM consent_entry GROUP BY contact, channel, scope)
) AS different
UNION ALL SELECT 'gap', contact::text, '' FROM consent_entry JOIN people_contact ON subject_id = contact
 GROUP BY contact, people_contact.seq HAVING count(*) <> max(consent_entry.seq) OR max(consent_entry.seq) <> people_contact.seq;

-- name: counts
SELECT (SELECT count(*) FROM consent_permit p WHERE p.decided_at >= %(since)s AND p.decided_at < %(until)s
         AND p.tx >= %(from_tx)s::text::xid8 AND p.tx < %(before_tx)s::text::xid8
         AND (cardinality(%(uses)s::text[]) = 0 OR p.use = ANY (%(uses)s::text[]))),
       (SELECT count(*) FROM messaging_message m JOIN consent_permit p ON p.id = m.permit
         WHERE m.state = 'left' AND p.decided_at >= %(since)s AND p.decided_at < %(until)s
         AND p.tx >= %(from_tx)s::text::xid8 AND p.tx < %(before_tx)s::text::xid8
         AND (cardinality(%(uses)s::text[]) = 0 OR p.use = ANY (%(uses)s::text[]))),
       (SELECT count(*) FROM sharing_lead l JOIN consent_permit p ON p.id = l.permit
         WHERE l.state = 'left' AND p.decided_at >= %(since)s AND p.decided_at < %(until)s
         AND p.tx >= %(from_tx)s::text::xid8 AND p.tx < %(before_tx)s::text::xid8
         AND (cardinality(%(uses)s::text[]) = 0 OR p.use = ANY (%(uses)s::text[])));
