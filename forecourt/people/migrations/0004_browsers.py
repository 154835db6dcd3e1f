from django.db import migrations, models

from forecourt.people import append_only


class Migration(migrations.Migration):
    dependencies = [("people", "0003_memory")]

    operations = [
        migrations.AlterField(
            model_name="contact",
            name="kind",
            field=models.CharField(
                choices=[("email", "Email"), ("phone", "Phone"), ("browser", "Browser")], max_length=8
            ),
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("browser", models.UUIDField()),
                ("contact", models.UUIDField(db_index=True)),
                ("interaction", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("browser", "contact"), name="one_link")],
            },
        ),
        append_only.operation("people_link"),
    ]
