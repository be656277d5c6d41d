"""Words for what stands on a roster, in the language in force."""

from django.utils.translation import gettext as _

from parley.watch.policy import NO_PHONES, Channel, Hole, Post, WatchState, Why


def post_word(post: Post) -> str:
    """Return what a post is called."""
    return {
        Post.DESK: _("desk"),
        Post.SECOND: _("second officer"),
        Post.DIRECTOR: _("director"),
        Post.VICE_MINISTER: _("vice-minister"),
        Post.MINISTER: _("minister"),
    }[post]


def path_word(path: str) -> str:
    """Return what a degraded path is called: a lane by its name, phones in the reader's language."""
    return _("phones") if path == NO_PHONES else path


def channel_word(channel: str) -> str:
    """Return what a channel is called."""
    return {
        Channel.SMS.value: _("text message"),
        Channel.VOICE.value: _("phone call"),
        Channel.PUSH.value: _("push"),
        Channel.MAIL.value: _("e-mail"),
        Channel.WALL.value: _("boards and logs"),
    }[channel]


def hole_text(hole: Hole) -> str:
    """Return what is missing in a hole."""
    match hole.why:
        case Why.NOBODY:
            return _("nobody is on the roster")
        case Why.UNPROVED:
            return _("officer %(number)d has not two ways to be rung that were proved within 30 days") % {
                "number": hole.person
            }
        case Why.LANGUAGE:
            return _("nobody who can be rung speaks %(languages)s") % {"languages": ", ".join(hole.languages)}


def watch_word(state: WatchState) -> str:
    """Return whether anybody watches, as a sentence."""
    return {
        WatchState.WATCHED: _("The desk is watched."),
        WatchState.THIN: _("The desk is watched by one screen alone, or by hidden ones."),
        WatchState.UNCONFIRMED: _("Somebody has the watch, and no screen is seen."),
        WatchState.UNWATCHED: _("Nobody has the watch."),
    }[state]
