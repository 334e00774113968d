"""Finds plugins, keeps their faults to themselves, and lists them."""

import types
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, TypeVar

import pluggy

from uasocial.errors import UasocialError, nearest, printable
from uasocial.plugins import trust
from uasocial.plugins.specs import API_VERSION, PROJECT, Hooks

__all__ = ["Listed", "PluginHost"]

BUILT_IN = "built in"

T = TypeVar("T")


@dataclass
class Listed:
    """A plugin as `uasocial plugins` shows it; *error* is empty while all is well."""

    name: str
    source: str
    version: str = ""
    error: str = ""

    def __post_init__(self) -> None:
        self.name, self.source = printable(self.name), printable(self.source)


class PluginHost:
    """The plugins of one run: built-in ones first, then entry points, then trusted files.

    Nothing a plugin does here raises: a broken one is listed with its error, and left out.
    """

    def __init__(self, *built_in: object) -> None:
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(Hooks)
        self._listed: dict[str, Listed] = {}
        self._own: set[str] = set()
        # Emptied whenever a plugin comes or goes.
        self._order: dict[str, list[pluggy.HookImpl]] = {}
        for plugin in built_in:
            name = f"{PROJECT}.{getattr(plugin, 'NAME', type(plugin).__name__.lower())}"
            self._own.add(name)
            self._add(Listed(name, BUILT_IN), partial(_itself, plugin))

    def load(self, owns: Callable[[Path], bool] = lambda _: True) -> None:
        """Load what is installed, and the files trusted on this machine that *owns* takes."""
        for entry in sorted(entry_points(group=PROJECT), key=lambda entry: entry.name):
            self._add(_from_entry(entry), entry.load)
        try:
            files = trust.trusted()
        except UasocialError as error:
            self._listed["trusted files"] = Listed("trusted files", "", error=str(error))
            return
        for file in filter(lambda file: owns(file.path), files):
            self._add(Listed(file.path.stem, str(file.path)), partial(_run, file))

    def note_untrusted(self, files: Iterable[Path]) -> None:
        """List the plugin *files* of a project that this machine does not trust."""
        known = {listed.source for listed in self._listed.values()}
        for path in sorted(files):
            if str(path.resolve()) not in known:
                hint = (
                    f"is not trusted on this machine: read it, then `uasocial plugins trust {path}`"
                )
                self._listed[str(path)] = Listed(path.stem, str(path), error=hint)

    @property
    def listed(self) -> list[Listed]:
        """All plugins that were found, the faulty ones too."""
        return list(self._listed.values())

    @property
    def faults(self) -> list[Listed]:
        return [listed for listed in self._listed.values() if listed.error]

    def fail(self, name: str, error: object) -> None:
        """Put the plugin *name* out of service for this run, and say why."""
        if not self._listed[name].error:
            self._listed[name].error = _sentence(error)
        self._manager.unregister(name=name)
        self._order.clear()

    def each(self, hook: str, **given: Any) -> Iterator[tuple[str, Any]]:
        """Call *hook* plugin by plugin, ours first, and yield (plugin, result).

        One that fails is put out.
        """
        for implementation in self._in_order(hook):
            name = implementation.plugin_name
            try:
                arguments = [given[name] for name in implementation.argnames]
                result: Any = implementation.function(*arguments)
                # Drained here, so that a generator's fault is its plugin's as well.
                yield name, list(result) if result is not None else []
            except (Exception, SystemExit) as error:
                if name in self._own:
                    raise
                self.fail(name, f"{hook} failed: {_sentence(error)}")

    def hears(self, hook: str) -> bool:
        """Whether any plugin implements *hook*."""
        return bool(self._in_order(hook))

    def tell(self, hook: str, **given: Any) -> Iterator[tuple[str, Exception | None]]:
        """Call *hook* plugin by plugin, and yield (plugin, its error).

        One that fails stays in service: what it reaches may only be away for a while.
        """
        for implementation in self._in_order(hook):
            failed: Exception | None = None
            try:
                implementation.function(*[given[name] for name in implementation.argnames])
            except Exception as error:  # noqa: BLE001 - a plugin may raise anything
                failed = error
            except SystemExit as error:
                failed = RuntimeError(f"it wanted to end the program: {error}")
            yield implementation.plugin_name, failed

    def _in_order(self, hook: str) -> list[pluggy.HookImpl]:
        # Not in pluggy's order, where a plugin could come before ours and take the name of theirs.
        if hook not in self._order:
            place = {name: at for at, name in enumerate(self._listed)}
            found = getattr(self._manager.hook, hook).get_hookimpls()
            self._order[hook] = sorted(found, key=lambda i: place[i.plugin_name])
        return self._order[hook]

    def first(self, hook: str, kind: type[T], **given: Any) -> T:
        """Call a first-result *hook*, with its wrappers; raise only what our own code raises.

        If a plugin makes the call fail, the call is made again without it.
        """
        while True:
            try:
                return _of_kind(kind, self._call(hook, given))
            except (Exception, SystemExit) as error:
                culprits = self._culprits(hook, error)
                if not culprits:
                    raise
                for name in culprits:
                    self.fail(name, f"{hook} failed: {_sentence(error)}")

    def _call(self, hook: str, given: dict[str, Any]) -> Any:
        implementations = self._in_order(hook)
        if len(implementations) == 1:
            # Ours alone: nothing to choose and nobody to wrap it, so pluggy's round is saved.
            return implementations[0].function(**given)
        return getattr(self._manager.hook, hook)(**given)

    def _culprits(self, hook: str, error: BaseException) -> list[str]:
        """Name the others' plugin in whose function *error* arose; all of them if that is unclear.

        The innermost frame decides: an error also passes through the wrappers around it.
        """
        plugins = {
            implementation.function.__code__: str(implementation.plugin_name)
            for implementation in getattr(self._manager.hook, hook).get_hookimpls()
            if hasattr(implementation.function, "__code__")
        }
        innermost = None
        trace = error.__traceback__
        while trace is not None:
            innermost = plugins.get(trace.tb_frame.f_code, innermost)
            trace = trace.tb_next
        suspects = plugins.values() if innermost is None else [innermost]
        return [name for name in suspects if name not in self._own]

    def _add(self, listed: Listed, load: Callable[[], object]) -> None:
        self._order.clear()
        name = listed.name
        if name in self._listed:
            listed.error = f"the name is taken by {self._listed[name].source}; rename one of them"
            self._listed[f"{name} ({listed.source})"] = listed
            return
        self._listed[name] = listed
        try:
            plugin = load()
            _check_version(plugin)
            self._manager.register(plugin, name=name)
            self._check_hooks(plugin)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - import may run anything
            listed.error = _sentence(error)
            self._manager.unregister(name=name)

    def _check_hooks(self, plugin: object) -> None:
        callers = self._manager.get_hookcallers(plugin) or []
        known = [name for name in vars(Hooks) if not name.startswith("_")]
        for caller in callers:
            if caller.spec and not caller.spec.opts["firstresult"] and _wraps(caller, plugin):
                raise UasocialError(f"{caller.name} gathers from all plugins: do not wrap it")
            if caller.spec is None:
                raise UasocialError(
                    f"there is no hook {caller.name!r}{nearest(caller.name, known)}"
                )
        if not callers:
            raise UasocialError("implements no hook: mark its functions with @hookimpl")


def _itself(plugin: object) -> object:
    return plugin


def _of_kind(kind: type[T], result: object) -> T:
    if not isinstance(result, kind):
        raise TypeError(f"the result is no {kind.__name__} but {type(result).__name__}")
    return result


def _wraps(caller: pluggy.HookCaller, plugin: object) -> bool:
    return any(i.wrapper or i.hookwrapper for i in caller.get_hookimpls() if i.plugin is plugin)


def _from_entry(entry: EntryPoint) -> Listed:
    dist = entry.dist
    source = dist.name if dist else entry.value
    return Listed(entry.name, source, dist.version if dist else "")


def _run(file: trust.TrustedFile) -> object:
    """Run the very bytes that were trusted, not what may stand there a moment later."""
    module = types.ModuleType(f"uasocial_plugin_{file.path.stem}")
    module.__file__ = str(file.path)
    exec(compile(file.source(), str(file.path), "exec"), module.__dict__)  # noqa: S102
    return module


def _check_version(plugin: object) -> None:
    version = getattr(plugin, "UASOCIAL_API", API_VERSION)
    if version != API_VERSION:
        raise UasocialError(
            f"was written for version {version} of the hooks; here is version {API_VERSION}: "
            "install a release of it that fits"
        )


def _sentence(error: object) -> str:
    text = " ".join(str(error).split())
    if isinstance(error, BaseException) and not isinstance(error, UasocialError):
        text = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return printable(text)
