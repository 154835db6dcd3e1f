"""What the ledger may let go, and the place that each word leaves behind, so that one that is missing for any other reason is seen."""

from django.db import migrations, models

# A word is overtaken where the same was said again of the same thing, a yes where it was taken back, and a no to a switch where a yes
# to that switch followed. A no to messages can outlive a yes (one on another channel says nothing of it), and a START revives
# what stood before it, so these yield to their own repetition alone. Nothing goes that a permit which is still here rests on,
# or that was overtaken only after it. The database looks at its own clock as well.
FORGET = """
CREATE FUNCTION consent_forget_overtaken(before timestamptz, most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    until timestamptz := least(before, clock_timestamp() - interval '24 months');
    whose uuid[] := ARRAY(SELECT DISTINCT contact FROM public.consent_overtaken_entries(until, NULL) LIMIT most);
    gone integer;
BEGIN
    PERFORM FROM public.people_contact WHERE subject_id = ANY (whose) ORDER BY subject_id FOR NO KEY UPDATE;
    WITH gone_now AS (
        DELETE FROM public.consent_entry AS entry USING public.consent_overtaken_entries(until, whose) AS past
        WHERE entry.contact = past.contact AND entry.seq = past.seq AND entry.at = past.at RETURNING entry.contact
    ), counted AS (
        INSERT INTO public.consent_overtaken AS there (contact, entries)
        SELECT contact, count(*) FROM gone_now GROUP BY contact
        ON CONFLICT (contact) DO UPDATE SET entries = there.entries + excluded.entries
    )
    SELECT count(*) INTO gone FROM gone_now;
    UPDATE public.consent_standing AS stands
    SET asked = said.asked, granted = said.granted, withdrew = said.withdrew
    FROM (
        SELECT contact, channel, scope,
               coalesce(max(seq) FILTER (WHERE verb = 'asked'), 0) AS asked,
               coalesce(max(seq) FILTER (WHERE verb = 'granted'), 0) AS granted,
               coalesce(max(seq) FILTER (WHERE verb = 'withdrew'), 0) AS withdrew
        FROM public.consent_entry WHERE contact = ANY (whose) GROUP BY contact, channel, scope
    ) AS said
    WHERE stands.contact = said.contact AND stands.channel = said.channel AND stands.scope = said.scope
      AND (stands.asked, stands.granted, stands.withdrew) <> (said.asked, said.granted, said.withdrew);
    RETURN gone;
END
$$;

CREATE FUNCTION consent_overtaken_entries(until timestamptz, whose uuid[])
RETURNS TABLE (contact uuid, seq bigint, at timestamptz) LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    SELECT DISTINCT e.contact, e.seq, e.at
    FROM public.consent_entry e JOIN public.consent_entry later
      ON later.contact = e.contact AND later.seq > e.seq AND later.channel = e.channel AND later.scope = e.scope
    WHERE e.at <= until AND later.at <= until AND (whose IS NULL OR e.contact = ANY (whose))
      AND (later.verb = e.verb
           OR e.verb = 'withdrew' AND later.verb = 'granted' AND e.channel = 'data'
           OR e.verb IN ('asked', 'granted') AND later.verb = 'withdrew' AND NOT EXISTS (
               SELECT FROM public.consent_entry s
               WHERE s.contact = e.contact AND s.verb = 'started' AND s.seq > e.seq))
      AND NOT EXISTS (
          SELECT FROM public.consent_permit p
          WHERE p.contact = e.contact AND (e.seq = ANY (p.seqs) OR p.as_of >= e.seq AND p.as_of < later.seq))
$$;

CREATE FUNCTION consent_forget_erased(before timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    until timestamptz := least(before, clock_timestamp() - interval '24 months');
    whose uuid[];
    gone integer;
BEGIN
    SELECT array_agg(subject_id) INTO whose FROM public.people_contact c
    WHERE c.erased_at <= until
      AND EXISTS (SELECT FROM public.consent_entry e WHERE e.contact = c.subject_id)
      AND NOT EXISTS (SELECT FROM public.consent_entry e WHERE e.contact = c.subject_id AND e.at > until)
      AND NOT EXISTS (SELECT FROM public.consent_permit p WHERE p.contact = c.subject_id);
    DELETE FROM public.consent_entry WHERE contact = ANY (whose);
    GET DIAGNOSTICS gone = ROW_COUNT;
    DELETE FROM public.consent_standing WHERE contact = ANY (whose);
    DELETE FROM public.consent_overtaken WHERE contact = ANY (whose);
    RETURN gone;
END
$$;

REVOKE ALL ON FUNCTION consent_forget_overtaken(timestamptz, integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION consent_overtaken_entries(timestamptz, uuid[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION consent_forget_erased(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION consent_forget_overtaken(timestamptz, integer) TO forecourt_app;
GRANT EXECUTE ON FUNCTION consent_forget_erased(timestamptz) TO forecourt_app;
REVOKE ALL ON consent_overtaken FROM forecourt_app;
GRANT SELECT ON consent_overtaken TO forecourt_app;
"""
FORGET_NOT = """
DROP FUNCTION consent_forget_erased(timestamptz);
DROP FUNCTION consent_forget_overtaken(timestamptz, integer);
DROP FUNCTION consent_overtaken_entries(timestamptz, uuid[]);
"""


class Migration(migrations.Migration):
    dependencies = [("consent", "0006_kept_noes"), ("people", "0008_forgotten")]

    operations = [
        migrations.CreateModel(
            name="Overtaken",
            fields=[
                ("contact", models.UUIDField(primary_key=True, serialize=False)),
                ("entries", models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL(FORGET, FORGET_NOT),
    ]
