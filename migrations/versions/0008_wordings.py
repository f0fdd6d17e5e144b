"""Wordings that follow one another: corrigenda and amendments, with tallies by edition; numbers are permanent."""

import sqlalchemy as sa
from alembic import op

from tracker.rebuilding import change_checks, extend_closed_list, narrow_closed_list

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ACTIONS = ("heading_corrigendum_published", "corrigendum_published", "amendment_published")
#: What the closed lists take beside what they took, by table and column.
ADDED = {
    ("ledger_entry", "action"): ACTIONS,
    ("act", "action"): ACTIONS,
    ("proposal", "kind"): ("corrigendum", "amendment", "heading_corrigendum"),
    ("mail", "notice"): (
        "wording_due",
        "wording_returned",
        "wording_published",
        "wording_corrected",
        "amendment_ahead",
        "amended",
    ),
}
KINDS = ("country", "supranational", "civil_society", "intergovernmental")

PERMANENT = {
    "sqlite": (
        """
        CREATE TRIGGER heading_keeps_number BEFORE UPDATE OF id, cohort_id, number ON heading
        BEGIN SELECT RAISE(ABORT, 'a published number is permanent'); END
        """,
        """
        CREATE TRIGGER heading_no_delete BEFORE DELETE ON heading
        BEGIN SELECT RAISE(ABORT, 'what was published is permanent'); END
        """,
        """
        CREATE TRIGGER heading_no_replace BEFORE INSERT ON heading
        WHEN EXISTS (
            SELECT 1 FROM heading WHERE id = NEW.id OR (cohort_id = NEW.cohort_id AND number = NEW.number)
        )
        BEGIN SELECT RAISE(ABORT, 'what was published is permanent'); END
        """,
        """
        CREATE TRIGGER recommendation_keeps_number
        BEFORE UPDATE OF id, cohort_id, heading_id, number, place ON recommendation
        BEGIN SELECT RAISE(ABORT, 'a published number is permanent'); END
        """,
        """
        CREATE TRIGGER recommendation_no_delete BEFORE DELETE ON recommendation
        BEGIN SELECT RAISE(ABORT, 'what was published is permanent'); END
        """,
        """
        CREATE TRIGGER recommendation_no_replace BEFORE INSERT ON recommendation
        WHEN EXISTS (
            SELECT 1 FROM recommendation
            WHERE id = NEW.id OR (cohort_id = NEW.cohort_id AND (number = NEW.number OR place = NEW.place))
        )
        BEGIN SELECT RAISE(ABORT, 'what was published is permanent'); END
        """,
        """
        CREATE TRIGGER revision_no_update BEFORE UPDATE ON revision
        BEGIN SELECT RAISE(ABORT, 'a published wording is permanent'); END
        """,
        """
        CREATE TRIGGER revision_no_delete BEFORE DELETE ON revision
        BEGIN SELECT RAISE(ABORT, 'a published wording is permanent'); END
        """,
        """
        CREATE TRIGGER revision_no_replace BEFORE INSERT ON revision
        WHEN EXISTS (
            SELECT 1 FROM revision
            WHERE id = NEW.id OR (recommendation_id = NEW.recommendation_id AND number = NEW.number)
        )
        BEGIN SELECT RAISE(ABORT, 'a published wording is permanent'); END
        """,
    ),
    "postgresql": (
        """
        CREATE FUNCTION refuse_change_of_published() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'what was published is permanent'; END $$
        """,
        """
        CREATE TRIGGER heading_keeps_number BEFORE UPDATE OF id, cohort_id, number ON heading
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_published()
        """,
        """
        CREATE TRIGGER heading_no_delete BEFORE DELETE OR TRUNCATE ON heading
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_published()
        """,
        """
        CREATE TRIGGER recommendation_keeps_number
        BEFORE UPDATE OF id, cohort_id, heading_id, number, place ON recommendation
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_published()
        """,
        """
        CREATE TRIGGER recommendation_no_delete BEFORE DELETE OR TRUNCATE ON recommendation
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_published()
        """,
        """
        CREATE TRIGGER revision_no_update BEFORE UPDATE ON revision
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_published()
        """,
        """
        CREATE TRIGGER revision_no_delete BEFORE DELETE OR TRUNCATE ON revision
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_published()
        """,
    ),
}


def upgrade() -> None:
    """Go forward."""
    for (table, column), values in ADDED.items():
        extend_closed_list(table, column, values)
    op.add_column("revision", sa.Column("edition", sa.Integer(), server_default="1", nullable=False))
    op.add_column("revision", sa.Column("provenance", sa.String(400), nullable=True))
    op.add_column("revision", sa.Column("reason", sa.JSON(none_as_null=True), nullable=True))
    change_checks(
        "revision",
        {
            "ck_revision_edition_in_order": "edition BETWEEN 1 AND number",
            "ck_revision_change_has_reason": (
                "kind = 'original' OR (reason IS NOT NULL AND effective_on IS NOT NULL)"
            ),
            "ck_revision_change_has_one_source": (
                "kind = 'original' OR (source_id IS NULL) <> (provenance IS NULL)"
            ),
        },
    )
    changes = sa.text("kind <> 'corrigendum'")
    op.create_index(
        "uq_revision_edition",
        "revision",
        ["recommendation_id", "edition"],
        unique=True,
        sqlite_where=changes,
        postgresql_where=changes,
    )
    _keep_tallies_by_edition()
    for statement in PERMANENT[op.get_bind().dialect.name]:
        op.execute(statement)


def _keep_tallies_by_edition() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE recommendation_tally ADD COLUMN edition INTEGER NOT NULL DEFAULT 1")
        op.execute("ALTER TABLE recommendation_tally ALTER COLUMN edition DROP DEFAULT")
        _change_key("recommendation_id, edition, kind, day")
    else:
        _build_anew(["recommendation_id", "edition", "kind", "day"], "recommendation_id, 1, kind, day")


def _change_key(columns: str) -> None:
    op.execute("ALTER TABLE recommendation_tally DROP CONSTRAINT pk_recommendation_tally")
    op.execute(f"ALTER TABLE recommendation_tally ADD CONSTRAINT pk_recommendation_tally PRIMARY KEY ({columns})")


def _build_anew(key: list[str], copied: str) -> None:
    """Build the tallies of recommendations anew under another key: SQLite changes no key of a table that is there."""
    edition = [sa.Column("edition", sa.Integer(), nullable=False)] if "edition" in key else []
    op.rename_table("recommendation_tally", "recommendation_tally_before")
    op.create_table(
        "recommendation_tally",
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        *edition,
        sa.Column(
            "kind", sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=40), nullable=False
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("signatories", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.CheckConstraint("reserved <= signatories", name=op.f("ck_recommendation_tally_parts_of_signatories")),
        sa.CheckConstraint("signatories >= 0 AND reserved >= 0", name=op.f("ck_recommendation_tally_not_negative")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_recommendation_tally_recommendation_id_recommendation"),
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_recommendation_tally")),
        sqlite_with_rowid=False,
    )
    columns = ", ".join([*key, "signatories", "reserved"])
    op.execute(
        f"INSERT INTO recommendation_tally ({columns})"  # noqa: S608  # names of our own
        f" SELECT {copied}, signatories, reserved FROM recommendation_tally_before"
    )
    op.drop_table("recommendation_tally_before")


def downgrade() -> None:
    """Go back; a register in which a wording was corrected or amended stays as it is."""
    if op.get_bind().scalar(sa.text("SELECT max(number) FROM revision")) not in (None, 1):
        raise RuntimeError("A wording was corrected or amended; an earlier version does not know how to show that.")
    for statement in PERMANENT[op.get_bind().dialect.name]:
        if "CREATE TRIGGER" in statement:
            name, table = statement.split()[2], statement.split(" ON ")[1].split()[0]
            of_table = f" ON {table}" if op.get_bind().dialect.name == "postgresql" else ""
            op.execute(f"DROP TRIGGER {name}{of_table}")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change_of_published()")
        _change_key("recommendation_id, kind, day")
        op.drop_column("recommendation_tally", "edition")
    else:
        _build_anew(["recommendation_id", "kind", "day"], "recommendation_id, kind, day")
    op.drop_index("uq_revision_edition", "revision")
    change_checks(
        "revision",
        {
            "ck_revision_edition_in_order": None,
            "ck_revision_change_has_reason": None,
            "ck_revision_change_has_one_source": None,
        },
    )
    for column in ("reason", "provenance", "edition"):
        op.drop_column("revision", column)
    for (table, column), values in ADDED.items():
        narrow_closed_list(table, column, values)
