"""What people choose for themselves."""

from sqlalchemy import update

from services.database.work import Work
from services.messages import LANGUAGES
from services.people.acts import unfit
from services.people.models import persons


def set_language(work: Work, person_id: str, language: str) -> None:
    """Choose the language of pages and notices; Invalid for one there is not."""
    if language not in LANGUAGES:
        raise unfit("input.out_of_range", ("语言", "language"))
    work.connection.execute(update(persons).where(persons.c.id == person_id).values(language=language))
