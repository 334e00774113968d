"""For tests of what publishes: a network with state, a proxy that fails, a clock, no way out.

`pytest_plugins = ["uasocial.testing.fixtures"]` gives them as fixtures.
"""
