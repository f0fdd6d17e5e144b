"""The application object, for a server: ``granian --interface wsgi wsgi:application``."""

from tracker import create_app

application = create_app()
