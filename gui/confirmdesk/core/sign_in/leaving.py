"""Signing out."""

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.aws.ways_in import WayIn
from confirmdesk.core.errors import ConfirmdeskError, Kind, failure
from confirmdesk.core.sign_in.asking import Asking


def sign_out(aws: Aws, way: WayIn) -> None:
    """Forget the sign-in by `way` here, in the AWS command line's files too where it is shared with that, and tell the
    portal, which refuses the token from then on.

    Raises ConfirmdeskError where the portal could not be told; here it is forgotten all the same.
    """
    try:
        token = aws.forget_sign_in(way)
    except OSError as error:
        sentence = "The sign-in could not be removed from your folder .aws."
        raise failure(sentence, "Remove sso/cache there by hand.", error.strerror or "", Kind.BROKEN_HERE) from None
    if not token:
        return
    try:
        Asking(aws, way).ask(lambda: aws.portal_client(way).logout(accessToken=token))
    except ConfirmdeskError as error:
        # It has ended by itself: nobody is signed in, as was wanted.
        if error.problem.kind is not Kind.EXPIRED:
            raise
