"""Rows of another table inside a query: whole models as JSON in an array, so that a page asks once."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db import DEFAULT_DB_ALIAS
from django.db.models.functions import JSONObject


def nested_rows(queryset, **more):
    """An annotation: all columns of the queryset's rows, and the expressions `more`, as an array of JSON."""
    columns = {column.attname: column.attname for column in queryset.model._meta.concrete_fields}
    return ArraySubquery(queryset.values(row=JSONObject(**columns, **more)))


def from_row(model, row):
    """The model instance of one such row, as if loaded by itself."""
    columns = model._meta.concrete_fields
    names = [column.attname for column in columns]
    values = [column.to_python(row[column.attname]) for column in columns]
    return model.from_db(DEFAULT_DB_ALIAS, names, values)
