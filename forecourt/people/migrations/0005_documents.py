from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0004_browsers")]

    operations = [
        migrations.AlterField(
            model_name="subject",
            name="kind",
            field=models.CharField(
                choices=[
                    ("contact", "Contact"),
                    ("submission", "Submission"),
                    ("memory", "Memory"),
                    ("document", "Document"),
                ],
                max_length=16,
            ),
        ),
    ]
