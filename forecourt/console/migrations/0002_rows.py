"""Undertakings and answers are added, never changed; and a login holds a handle, whatever a library's screen would store."""

from django.db import migrations

from forecourt.people import append_only


class Migration(migrations.Migration):
    dependencies = [("console", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [
        append_only.operation("console_undertaking", "console_provideranswer"),
        migrations.RunSQL(
            "ALTER TABLE auth_user ADD CONSTRAINT only_a_handle CHECK (email = '' AND first_name = '' AND last_name = '')",
            "ALTER TABLE auth_user DROP CONSTRAINT only_a_handle",
        ),
    ]
