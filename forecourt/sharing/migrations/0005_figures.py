import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0005_documents"), ("sharing", "0004_looking_at_others")]

    operations = [
        migrations.CreateModel(
            name="Figures",
            fields=[
                (
                    "subject",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="people.subject",
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("lead", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to="sharing.lead")),
            ],
        ),
    ]
