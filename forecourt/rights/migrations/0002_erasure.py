
import django.contrib.postgres.fields
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rights', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('contacts', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ('case', models.CharField(blank=True, help_text='The reference number of the case that asked for it.', max_length=16)),
                ('reason', models.CharField(max_length=64)),
                ('asked_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('removed', models.JSONField(default=dict, help_text='How many rows of which table.')),
                ('keys', models.IntegerField(default=0, help_text='How many keys were destroyed.')),
                ('kept_noes', models.IntegerField(default=0, help_text='Addresses of which one row stays, so that they stay opted out.')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('done_at', None)), fields=['asked_at'], name='erasure_open')],
                'constraints': [models.UniqueConstraint(fields=('case', 'contacts'), name='one_erasure_a_case')],
            },
        ),
    ]
