"""Search that ignores diacritics on every list: «loc ninh» finds Lộc Ninh."""

import operator
from functools import reduce

from django.db.models import CharField, Q, TextField, Transform

from doanportal.textfold import fold

# The Latin letters with marks, Vietnamese ones included, each beside its bare letter.
MARKED = "".join(
    chr(code) for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)) if len(fold(chr(code))) == 1
)
BARE = "".join(fold(letter) for letter in MARKED)


@CharField.register_lookup
@TextField.register_lookup
class Folded(Transform):
    """`column__folded__contains`: what textfold.fold does, in SQL, with nothing that needs an extension."""

    lookup_name = "folded"
    output_field = TextField()

    def as_sql(self, compiler, connection):
        column, parameters = compiler.compile(self.lhs)
        return f"lower(translate({column}, %s, %s))", [*parameters, MARKED, BARE]


class FoldedSearch:
    """For a ModelAdmin: every word must be found, without marks, in one of `search_fields`.

    A field called search_key holds folded text already; any other is folded by the database.
    """

    def get_search_results(self, request, queryset, search_term):
        for word in fold(search_term.replace("\0", "")).split():
            found = [Q(**{f"{folded_lookup(name)}__contains": word}) for name in self.search_fields]
            queryset = queryset.filter(reduce(operator.or_, found))
        return queryset, False


def folded_lookup(name):
    return name if name.endswith("search_key") else f"{name}__folded"
