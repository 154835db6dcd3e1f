
import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0005_refused_readings'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeptNo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=8)),
                ('index', models.BinaryField(max_length=32)),
                ('noes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=96), help_text='Verb, channel and scope, as the ledger has them.', size=None)),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'index'), name='one_kept_no_an_address')],
            },
        ),
    ]
