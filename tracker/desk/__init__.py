"""The desk: accredited representatives act for their participant."""
