"""Programs that look at the project itself: `make check` and `make audit` run them."""
