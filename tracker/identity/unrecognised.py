"""How the way through a person's own organisation may end without a sign-in, and what the person is told of it."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

from tracker.models import Account


class Unrecognised(Exception):  # noqa: N818  # named for what happened
    """Nobody was recognised.

    Attributes:
        sentence: what the person is told; it names the organisation.
        why: what the security log is told.
        account: whom it concerns, where that is known. The person is not told.
    """

    sentence: LazyString

    def __init__(self, why: str, account: Account | None = None) -> None:
        self.why, self.account = why, account
        super().__init__(why)


class ProviderFailed(Unrecognised):
    """The provider does not answer, or not as one does."""

    sentence = lazy_gettext(
        "%(name)s does not answer as it should at the moment. Try again in a few minutes, or sign in here with your "
        "e-mail address."
    )


class NotVerified(ProviderFailed):
    """What came in the provider's name is not proved to be its word about this sign-in."""

    sentence = lazy_gettext(
        "What came back from %(name)s could not be verified. Try again; if it happens again, tell the secretariat."
    )


class NotSigned(NotVerified):
    """It is not signed by any key of the provider that we know."""


class Cancelled(Unrecognised):
    """The person did not go on at the provider, or the provider did not let them."""

    sentence = lazy_gettext("You did not go on at %(name)s, or it did not let you.")


class Stray(Unrecognised):
    """Somebody came back who was not sent: an answer that is old, was used, or belongs to another browser."""

    sentence = lazy_gettext(
        "This answer from %(name)s belongs to no sign-in that was begun in this browser in the last ten minutes, or it "
        "was used already. Begin again."
    )


class NotLetIn(Unrecognised):
    """The provider recognised somebody who may not sign in so."""

    sentence = lazy_gettext(
        "%(name)s recognised you, but you cannot sign in so. Only staff of the secretariat can, once they have bound "
        "their account to it: sign in with your e-mail address, and bind it on the page about how you sign in."
    )


class BoundAlready(Unrecognised):
    """The account is bound to somebody outside already, or another account is to this one."""

    sentence = lazy_gettext(
        "Your account is bound to a sign-in at %(name)s already, or what you signed in with there is bound to another "
        "account."
    )
