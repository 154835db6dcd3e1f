from django.db import migrations, models

from forecourt.people import append_only

# The transaction that gave a permit, so that an incremental audit can stop below the oldest one still open and miss none.
TX = """
ALTER TABLE consent_permit ADD COLUMN tx xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX permit_tx ON consent_permit (tx);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("consent", "0002_ledger"), ("people", "0002_append_only")]

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
        migrations.RunSQL(TX, "ALTER TABLE consent_permit DROP COLUMN tx"),
        append_only.operation("proof_audited", "consent_evidence"),
    ]
