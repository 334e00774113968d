"""The site as a folder: made aside, of what has changed, and put into its place in one step."""

from uasocial.site.building.making import Built, Step, build

__all__ = ["Built", "Step", "build"]
