from django.db import migrations, models

from forecourt.people import append_only

# The transaction that wrote a row, so that an incremental audit can stop below the oldest one still open and miss none. Rows
# come in order, so a block range index of a few kilobytes finds the new ones. A permit lets one thing leave.
TX = """
ALTER TABLE consent_permit ADD COLUMN tx bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint;
ALTER TABLE consent_entry ADD COLUMN tx bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint;
CREATE INDEX permit_tx ON consent_permit USING brin (tx) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX entry_tx ON consent_entry USING brin (tx) WITH (pages_per_range = 16, autosummarize = on);
CREATE UNIQUE INDEX message_permit ON messaging_message (permit) WHERE permit IS NOT NULL;
CREATE UNIQUE INDEX lead_permit ON sharing_lead (permit) WHERE permit IS NOT NULL;
CREATE INDEX message_unpermitted ON messaging_message (queued_at) WHERE permit IS NULL AND state IN ('left', 'handing', 'unknown');
"""
BACK = """
DROP INDEX message_unpermitted, lead_permit, message_permit;
ALTER TABLE consent_entry DROP COLUMN tx;
ALTER TABLE consent_permit DROP COLUMN tx;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("consent", "0002_ledger"),
        ("people", "0002_append_only"),
        ("messaging", "0001_initial"),
        ("sharing", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Audited",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tx", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("permits", models.IntegerField()),
                ("findings", models.IntegerField()),
            ],
        ),
        migrations.RunSQL(TX, BACK),
        append_only.operation("proof_audited", "consent_evidence"),
    ]
