"""The ``tracker create-admin`` command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from flask import Flask

from tracker.opening import opened, read_settings

if TYPE_CHECKING:
    from tracker.models import Account, MailedLink


@click.command("create-admin")
@click.argument("email")
@click.option("--name", help="The person's name. It is asked for where it is needed and not given.")
@click.option("--language", default="en", show_default=True, help="Of the person's mails: en or fr.")
@click.option("--show-link", is_flag=True, help="Print the link here too, and not in the mail alone.")
def create_admin(email: str, name: str | None, language: str, *, show_link: bool) -> None:
    """Make the person at EMAIL an administrator of the secretariat: by an invitation, or at once if they are staff."""
    from tracker import accrediting, i18n
    from tracker.extensions import db
    from tracker.identity import invitations
    from tracker.people import addresses

    read_settings(serving=True)  # the link is made with the server's secret key
    address = addresses.normal(email)
    if address is None:
        raise click.BadParameter(f"{email!r} is no e-mail address.", param_hint="EMAIL")
    if language not in i18n.LOCALES:
        raise click.BadParameter(f"{language!r} is none of {', '.join(i18n.LOCALES)}.", param_hint="--language")
    with opened() as app:
        account = accrediting.account_at(address)
        if account and (invitations.has_opened(account) or not account.active):
            _make_administrator(account)
            db.session.commit()
            return
        name = account.name if account else name or click.prompt("Name")
        link = _invite(address, name, language)
        db.session.commit()
        _tell_of_invitation(link)
        if show_link or not app.config["SMTP"]:
            _show_link(app, link, language)


def _make_administrator(account: Account) -> None:
    """Make staff an administrator, by the operator's right; refuse the address of anybody else's account."""
    from tracker.identity import rights

    if not account.active:
        raise click.ClickException(f"{account.email} has an account, which is deactivated.")
    if account.is_administrator:
        raise click.ClickException(f"{account.email} has an account, and is an administrator already.")
    if not account.is_staff:
        raise click.ClickException(
            f"{account.email} has an account, and does not work for the secretariat. An administrator can change that "
            "on the page of the account; for the first one, use another address."
        )
    rights.make_administrator(account, by=None)
    click.echo(f"{account.name} <{account.email}> works for the secretariat, and is an administrator from now on.")
    click.echo("You did this as the operator: it stands so in the security log, and the person is told by mail.")


def _invite(address: str, name: str, language: str) -> MailedLink:
    from tracker.errors import Refused
    from tracker.identity import inviting
    from tracker.vocabulary import Role

    try:
        return inviting.invite_staff(email=address, name=name, language=language, role=Role.ADMINISTRATOR, by=None)
    except Refused as refused:
        raise click.ClickException(f"{address}: {refused.sentence}") from None


def _tell_of_invitation(link: MailedLink) -> None:
    person, until = link.account, link.expires_at
    click.echo(f"{person.name} <{person.email}> is invited to be an administrator, by you as the operator.")
    click.echo("The mail is in the outbox; 'tracker mail deliver' sends it.")
    click.echo(f"The link in it is good once, until {until:%d %B %Y, %H:%M} UTC. After that, run this again.")


def _show_link(app: Flask, link: MailedLink, language: str) -> None:
    """Print the link, for an operator who is asked to or who has no mail server yet."""
    from tracker import i18n
    from tracker.identity import links
    from tracker.mails.parts import address_of

    with i18n.speaking(language):
        address = address_of("account.invitation", token=links.token(link.reference))
    click.echo("Whoever has this link can open the account:")
    if app.config["ADDRESS"]:
        click.echo(f"  {address}")
    else:
        click.echo(f"  /{address.split('/', 3)[3]}")
        click.echo("TRACKER_ADDRESS is not set: put the address of the register before it.")
