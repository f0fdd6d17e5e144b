"""The triggers by which the database itself keeps what was published: numbers, places and wordings are for ever.

A heading and a recommendation keep their number, a recommendation its place and its heading, and nothing of them is
deleted. A wording is never changed: another revision follows it.
"""

from __future__ import annotations

from sqlalchemy import DDL, event

from tracker.extensions import Base

#: Statements that make them permanent, by dialect.
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

for _dialect, _statements in PERMANENT.items():
    for _statement in _statements:
        # DDL() formats its text with %; none of these statements holds one.
        event.listen(Base.metadata, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]
