from django.db import migrations

from forecourt.people import append_only


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [append_only.operation("people_opening")]
