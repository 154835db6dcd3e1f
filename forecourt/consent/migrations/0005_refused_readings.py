import django.contrib.postgres.fields
from django.db import migrations, models

from forecourt.people import append_only


class Migration(migrations.Migration):
    dependencies = [("consent", "0004_data_channel")]

    operations = [
        migrations.CreateModel(
            name="RefusedReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("contact", models.UUIDField()),
                ("use", models.CharField(max_length=64)),
                (
                    "data",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), size=None),
                ),
                ("reason", models.CharField(max_length=64)),
                ("who", models.CharField(max_length=64)),
                ("case", models.CharField(blank=True, max_length=32)),
                ("at", models.DateTimeField()),
            ],
        ),
        append_only.operation("consent_refusedreading"),
    ]
