from django.db import migrations, models

from forecourt.people import append_only


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_kinds_of_requests"), ("people", "0002_append_only")]

    operations = [
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case", models.UUIDField(db_index=True)),
                ("to", models.CharField(max_length=64)),
                ("by", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
        ),
        append_only.operation("cases_handover"),
    ]
