"""The public's door."""

from flask import Blueprint

door = Blueprint("public", __name__)
