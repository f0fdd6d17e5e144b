"""The secretariat's door."""

from flask import Blueprint

door = Blueprint("secretariat", __name__, url_prefix="/<language:language>/secretariat")
