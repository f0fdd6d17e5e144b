"""The account's door."""

from flask import Blueprint

door = Blueprint("account", __name__, url_prefix="/<language:language>")
