"""Options that many commands share, and how a command takes them as one value.

A dataclass names the options once, with their types, help and defaults. `spread` gives a
command that has a parameter of such a class the single options instead, so that `--help`
shows them and the command gets them together.
"""

import dataclasses
import inspect
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any


def spread(command: Callable[..., int]) -> Callable[..., int]:
    """Return `command` for Typer: a parameter that is a dataclass of options becomes those options.

    Fields that are `typer.Argument` come first, in the order in which the classes stand.
    """
    parameters = inspect.signature(command).parameters.values()
    classes: dict[str, type[Any]] = {
        each.name: each.annotation
        for each in parameters
        if isinstance(each.annotation, type) and dataclasses.is_dataclass(each.annotation)
    }
    own = {each.name: each for each in parameters if each.name not in classes}
    shared = {name: tuple(_parameters(each)) for name, each in classes.items()}

    @wraps(command)
    def spreading(**given: Any) -> int:  # noqa: ANN401 - Typer has checked each of them
        values = {
            name: classes[name](**{each.name: given.pop(each.name) for each in fields})
            for name, fields in shared.items()
        }
        return command(**values, **given)

    everything = [each for fields in shared.values() for each in fields]
    everything += [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own.values()]
    spreading.__signature__ = inspect.Signature(everything)  # type: ignore[attr-defined]  # read by inspect
    spreading.__annotations__ = {each.name: each.annotation for each in everything}
    return spreading


def with_options(
    command: Callable[..., int], says: Callable[..., object], **shared: type
) -> Callable[..., int]:
    """Return `command` for Typer: with the options of the classes `shared`, by the name of its parameter.

    Its own options are those of `says`, whose first parameter is what the command found.
    """
    found = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=options)
        for name, options in shared.items()
    ]
    own = list(inspect.signature(says).parameters.values())[1:]
    command.__signature__ = inspect.Signature([*found, *own])  # type: ignore[attr-defined]  # for `spread`
    return spread(command)


def _parameters(options: type[Any]) -> Iterable[inspect.Parameter]:
    for field in dataclasses.fields(options):
        default = inspect.Parameter.empty if field.default is dataclasses.MISSING else field.default
        yield inspect.Parameter(
            field.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=field.type
        )
