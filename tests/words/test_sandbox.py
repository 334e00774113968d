"""A template reaches nothing, multiplies nothing, and comes to an end."""

import time

import pytest

from uasocial.errors import TemplateError
from uasocial.words.environment import MAX_OUTPUT, Environment, compile_template, render
from uasocial.words.filters import filters_for
from uasocial.words.views import View

ENVIRONMENT = Environment()
ENVIRONMENT.filters.update(filters_for("en"))

# As large as the files of a case allow.
LARGE = {
    "title": "t" * 1000,
    "lead": "l" * 20_000,
    "demands": ("d" * 8_000,) * 100,
    "action": View("x", {"link": "https://example.org"}),
    "targets": [View("a", {})] * 100,
}

ATTACKS = {
    "an attribute of Python": "{{ ''.__class__ }}",
    "an item of Python": "{{ ''['__class__'] }}",
    "a joined name": "{{ ''['__cla' ~ 'ss__'] }}",
    "an attribute through join": "{{ demands | join(attribute='__class__') }}",
    "a filter that reaches": "{{ title | attr('__class__') }}",
    "a map": "{{ demands | map('upper') }}",
    "a method": "{{ title.upper() }}",
    "the globals": "{{ action.shown }}",
    "multiplied text": "{{ 'a' * 10**9 }}",
    "a power": "{{ 9 ** 9 ** 9 }}",
    "range": "{% for i in range(10**9) %}x{% endfor %}",
    "a range without loop": "{{ range(9) }}",
    "lipsum": "{{ lipsum() }}",
    "cycler": "{{ cycler }}",
    "a loop in a loop": "{% for a in demands %}{% for b in demands %}{% endfor %}{% endfor %}",
    "a recursive loop": "{% for a in demands recursive %}{{ loop(demands) }}{% endfor %}",
    "a loop over a text": "{% for c in lead %}{{ lead }}{% endfor %}",
    "a loop over a literal": "{% for c in 'abc' %}{% endfor %}",
    "a macro": "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    "an include": "{% include '/etc/passwd' %}",
    "an import": "{% import 'x' as y %}",
    "an extends": "{% extends 'x' %}",
    "a block": "{% block x %}{% endblock %}",
    "a set": "{% set x = 'a' %}",
    "a set block": "{% set x %}{{ lead }}{% endset %}",
    "a with": "{% with x = 1 %}{% endwith %}",
    "a call block": "{% call f() %}{% endcall %}",
    "a filter block": "{% filter upper %}x{% endfilter %}",
    "a list": "{{ [lead, lead] | join }}",
    "a dict": "{{ {'a': 1} }}",
    "a slice": "{{ title[::1] }}",
    "a percent format": "{{ '%999999999d' % 1 }}",
    "a format filter": "{{ '%999999999d' | format(1) }}",
    "a format method": "{{ '{0.__class__}'.format(1) }}",
    "a centre": "{{ 'a' | center(10000000000) }}",
    "an infinite number": "{{ 1e999 | number }}",
    "a huge number": "{{ " + "9" * 5000 + " }}",
    "a huge hexadecimal number": "{{ 0x" + "f" * 15_000 + " }}",
    "deep parentheses": "{{ " + "(" * 9000 + "1" + ")" * 9000 + " }}",
    "some parentheses": "{{ " + "(" * 300 + "1" + ")" * 300 + " }}",
    "deep nots": "{{ " + "not " * 4900 + "1 }}",
    "deep ifs": "{% if 1 %}" * 900 + "{% endif %}" * 900,
    "a chain of filters": "{{ title" + " | upper" * 2400 + " }}",
    "many texts joined": "{{ lead" + " ~ lead" * 2800 + " }}",
    "the same in a condition": "{% if (lead"
    + " ~ lead" * 2800
    + ") == 'x' %}{% endif %}{{ nope }}",
    "a text between all": "{{ demands | join(demands | join) }}",
    "a join in a loop": "{% for d in demands %}{{ demands | join(lead) }}{% endfor %}",
    "a loop of long texts": "{% for d in demands %}{{ lead }}{% endfor %}",
    "an open tag": "{% if title %}",
    "an unknown tag": "{% debug %}",
    "too long a source": "a" * 20_001,
}


@pytest.mark.parametrize("what", ATTACKS)
def test_an_attack_is_an_error_with_its_place_and_soon(what):
    begun = time.perf_counter()
    with pytest.raises(TemplateError) as error:
        render(compile_template(ENVIRONMENT, ATTACKS[what], "a.j2").template, LARGE, "a.j2")
    assert time.perf_counter() - begun < 2
    assert str(error.value).startswith("a.j2")
    assert len(str(error.value)) < 300


def test_the_dearest_loop_that_may_stand_comes_to_an_end():
    inner = "{% if (demands | join) == title %}{% endif %}" * 60
    source = "{% for d in demands %}" + inner + "{% endfor %}"
    small = {**LARGE, "demands": ("d" * 900,) * 100}
    begun = time.perf_counter()
    template = compile_template(ENVIRONMENT, source, "a.j2").template
    assert render(template, small, "a.j2") == ""
    assert time.perf_counter() - begun < 5


def test_what_renders_up_to_the_cap_is_whole():
    template = compile_template(ENVIRONMENT, "{% for d in demands %}{{ d }}{% endfor %}", "a.j2")
    text = render(template.template, {"demands": ("a" * 1000,) * (MAX_OUTPUT // 1000)}, "a.j2")
    assert len(text) == MAX_OUTPUT
