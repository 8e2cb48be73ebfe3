"""Codes and numbers as they are compared in a search: capital Latin letters without separators.

Look-alike Cyrillic letters become the Latin ones they look like, the others the ones they sound like; `layers.search.fold`
says the same in Python. What `translate` finds no counterpart for, the separators, it drops. Small letters stand beside
capital ones because `upper` leaves them alone where a database's locale is C.
"""

from django.db import migrations

CREATE = r"""
CREATE FUNCTION public.search_key(written text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT translate(
        upper(written),
        U&'АВЕКМНОРСТУХБГДЗИЙЛПФЦЧШЩЮЯЪЬЖавекмнорстухбгдзийлпфцчшщюяъьж \0009\00A0.,;:/\\_\2013\2014-',
        'ABEKMHOPCTYXBGDZIJLPFCCSSUAAJZABEKMHOPCTYXBGDZIJLPFCCSSUAAJZ'
    )
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0004_append_only")]
    operations = [migrations.RunSQL(CREATE, reverse_sql="DROP FUNCTION public.search_key(text);")]
