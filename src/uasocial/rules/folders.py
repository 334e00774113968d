"""Rules for the folders of the cases: each can lie on any disk, on any host, beside the others."""

from collections.abc import Iterator
from pathlib import Path

from uasocial.model import action_ids
from uasocial.model.links import fault_of_links
from uasocial.rules.case import Project
from uasocial.rules.rule import rule
from uasocial.text.file_names import fault_of_name, same_name

__all__ = ["folder_of_another_name", "links_elsewhere", "name_for_no_folder"]


@rule(
    "C026",
    "Every disk and every host takes the name of a case's folder.",
    fix="rename it",
    why="It is part of the address of the case's page, and of the pack that others unpack.",
    error=True,
    about="project",
    bad="folder: 'gate #2'",
    good="folder: gate-2",
)
def name_for_no_folder(project: Project) -> Iterator[tuple[Path, str]]:
    for name in project.cases:
        fault = fault_of_name(name)
        if fault:
            yield project.actions / name, fault


@rule(
    "C027",
    "The names of two folders differ in more than capitals and accents.",
    fix="rename one of them",
    why="On many disks, and on some hosts, they are one folder.",
    error=True,
    about="project",
    bad="beside: {GATE: UA 2/26}",
    good="beside: {gate-2: UA 2/26}",
)
def folder_of_another_name(project: Project) -> Iterator[tuple[Path, str]]:
    known: dict[str, str] = {}
    for name in action_ids(project.actions):
        other = known.setdefault(same_name(name), name)
        if other != name:
            yield project.actions / name, f"is one folder with {other} on many disks"


@rule(
    "C028",
    "The files of a case lie in its project.",
    fix="copy it to where the link is",
    why="A case may come from anywhere: a link in it could bring out any file of this machine.",
    error=True,
    about="project",
    # A link cannot be told in an example.
    bad="{}",
)
def links_elsewhere(project: Project) -> Iterator[tuple[Path, str]]:
    for name in project.cases:
        fault = fault_of_links(project.actions / name, project.root)
        if fault:
            yield project.actions / name, fault
