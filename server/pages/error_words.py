"""What the pages about errors say of each status, in the language of the page."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from server.languages import gettext as _


@dataclass(frozen=True)
class Words:
    """A heading, and a sentence that says what to do."""

    title: str
    advice: str
    is_translated: bool = True


def choose_words(status: int) -> Words:
    """Those for a status; for one that nobody here raises its phrase in HTTP."""
    words = _list_words().get(status)
    if words:
        return Words(*words)
    phrase = HTTPStatus(status).phrase
    return Words(phrase, f"{phrase}.", is_translated=False)


def _list_words() -> dict[int, tuple[str, str]]:
    return {
        400: (
            _("This request cannot be read"),
            _("Something in the address or in what was sent with it is not as it must be. See below how to mend it."),
        ),
        403: (_("This is not allowed"), _("The data can be read by everybody and changed by nobody from outside.")),
        404: (_("There is nothing here"), _("The address may be misspelt, or what was meant may stand elsewhere.")),
        405: (_("This address does not take that method"), _("Pages and data are read with GET or HEAD.")),
        406: (
            _("Not in this format"),
            _("What was asked for is here, but not in a format that the program accepts. It comes in those below."),
        ),
        408: (_("The request did not arrive in time"), _("Please send it again.")),
        410: (_("This is no longer here"), _("An older release of the data had it. The present one has it no more.")),
        412: (_("It is not as expected"), _("What is here has changed, or was not to be there. Please load it again.")),
        413: (_("Too much at once"), _("The request is larger than this server reads. Please send less.")),
        414: (_("This address is too long"), _("Please shorten it. A long query can be sent with POST.")),
        415: (_("This form of content is not read here"), _("Please send it uncompressed, in a type that this address takes.")),
        416: (_("There is no such part"), _("The part asked for lies beyond the end. Please load the whole.")),
        422: (
            _("This cannot be answered as it was asked"),
            _("The request can be read, but its answer is too large or cannot be made. Please ask for less."),
        ),
        429: (_("Too many requests at once"), _("Others wait as well. Please wait a moment and then send fewer.")),
        431: (_("The headers are too large"), _("Please send fewer and shorter ones. Deleting this site’s cookies may help.")),
        500: (_("Something failed on our side"), _("It is not your fault. The failure was written to the server’s log.")),
        501: (_("This method is not known"), _("Methods are written in capital letters, such as GET.")),
        503: (_("The server is busy"), _("Please try again in a moment. The files for download hold the same data.")),
        504: (_("It took too long"), _("Please ask for less at once, or take the files for download.")),
    }
