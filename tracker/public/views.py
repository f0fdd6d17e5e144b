"""The public views. Each page is the same for everyone."""

from __future__ import annotations

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker import clock, i18n, ledger, register, signatory_lists, tallies
from tracker.access import Audience, open_to
from tracker.disputes import reviewing
from tracker.public.door import door
from tracker.roll import naming
from tracker.sentences import earlier_sentence, tally_sentence
from tracker.vocabulary import Kind
from tracker.wordings import published_texts


@door.get("/")
@open_to(Audience.ANYONE)
def entrance() -> Response:
    """Send the reader to the first page in the language that the browser asks for."""
    answer = redirect(url_for("public.cohorts"))
    answer.vary.add("Accept-Language")
    return answer


@door.get("/<language:language>/")
@open_to(Audience.PUBLIC)
def cohorts() -> str:
    """Show every cohort with its tally."""
    today = clock.today()
    return render_template(
        "public/cohorts.html",
        cohorts=[(each, tally_sentence(tallies.of_set(each, today))) for each in register.cohorts()],
        as_at=today,
    )


@door.get("/<language:language>/<cohort>")
@open_to(Audience.PUBLIC)
def overview(cohort: str) -> str:
    """Show a cohort: its tally first, then its recommendations with theirs."""
    group = register.cohort(cohort) or abort(404)
    today = clock.today()
    tally = tallies.of_set(group, today)
    return render_template(
        "public/overview.html",
        cohort=group,
        sentence=tally_sentence(tally),
        tally=tally,
        as_at=today,
        head=ledger.head(),
        recommendations=register.recommendations(group),
        counts=tallies.of_recommendations(group, today),
        earlier=earlier_sentence,
        kinds=list(Kind),
    )


@door.get("/<language:language>/<cohort>/signatories")
@open_to(Audience.PUBLIC)
def signatories(cohort: str) -> str:
    """Show who has endorsed, by kind."""
    group = register.cohort(cohort) or abort(404)
    today = clock.today()
    groups, footnotes = signatory_lists.with_footnotes(
        signatory_lists.by_kind(signatory_lists.of_set(group, today, i18n.current_language()))
    )
    return render_template(
        "public/signatories.html",
        cohort=group,
        sentence=tally_sentence(tallies.of_set(group, today)),
        as_at=today,
        head=ledger.head(),
        groups=groups,
        footnotes=footnotes,
        size=register.size(group),
    )


@door.get("/<language:language>/<cohort>/recommendations/<number>")
@open_to(Audience.PUBLIC)
def recommendation(cohort: str, number: str) -> str:
    """Show a recommendation: its wording, and who endorses it."""
    group = register.cohort(cohort) or abort(404)
    found = register.recommendation(group, number) or abort(404)
    today = clock.today()
    tally = tallies.of_recommendation(found, today)
    previous, following = register.neighbours(found)
    groups, footnotes = signatory_lists.with_footnotes(
        signatory_lists.by_kind(signatory_lists.of_recommendation(found, today, i18n.current_language()))
    )
    return render_template(
        "public/recommendation.html",
        cohort=group,
        recommendation=found,
        revision=found.revision,
        wordings=published_texts.wordings_of(found),
        tally=tally,
        sentence=tally_sentence(tally),
        earlier=earlier_sentence(tally.counts),
        # Where all endorse one wording, the sentence says it of them all.
        tells_apart=len({row.wording for _, rows in groups for row in rows}) > 1,
        not_endorsing=signatory_lists.not_endorsing(found, today, i18n.current_language()),
        kinds=list(Kind),
        as_at=today,
        head=ledger.head(),
        groups=groups,
        footnotes=footnotes,
        previous=previous,
        following=following,
    )


@door.get("/<language:language>/participants/<participant>")
@open_to(Audience.PUBLIC)
def participant(participant: str) -> str | Response:
    """Show a participant: what it endorses, and every act. The address of a duplicate leads to the one that it is."""
    found = register.participant(participant)
    if found is None:
        moved = naming.moved_from(participant) or abort(404)
        return redirect(url_for("public.participant", participant=moved.slug), 301)
    endorsements = register.endorsements_of(found)
    return render_template(
        "public/participant.html",
        participant=found,
        endorsements=endorsements,
        sets={cohort.id: register.recommendations(cohort) for cohort in {each.cohort for each in endorsements}},
        acts=register.acts_of(found),
        under_review=reviewing.open_since(found),
        as_at=clock.today(),
        head=ledger.head(),
    )
