"""What the papers say that the register hands out: letters to sign, and receipts."""
