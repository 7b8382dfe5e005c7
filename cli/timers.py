"""`chuke timers`: what time brings, pulled by hand: overdue cases move, reminders are left as errands."""

from typing import Annotated

from cyclopts import App, Parameter

from cli.asking import Asking, instant, opened
from cli.printing import show_json, show_table

app = App(name="timers", help="到期事项 · what time brings")


@app.command(name="run")
def run_(
    *, dry_run: Annotated[bool, Parameter(name="--dry-run", negative="")] = False, asking: Asking = Asking()
) -> int:
    """办理到期事项 · Pull every due timer once and leave the reminders that are owed; --dry-run lists the due cases."""
    from services.cases.timers import due_cases, leave_reminders, pull_timers
    from services.database.work import reading, run
    from services.grades.reminders import remind_of_ending_grades

    now = instant(asking)
    with opened() as database:
        with reading(database, now) as work:
            due = due_cases(work)
        if dry_run:
            if asking.json:
                show_json({"due": due})
            else:
                show_table(("案号 case", "动作 triggers"), [(one.number, " ".join(one.triggers)) for one in due])
            return 0
        moved = pull_timers(database, now=now)
        reminders = run(database, now, leave_reminders) + run(database, now, remind_of_ending_grades)
    if asking.json:
        show_json({"moved": moved, "reminders": reminders})
    else:
        show_table(
            ("案号 case", "步骤 trigger", "状态 state"), [(one.case_number, one.trigger, one.state) for one in moved]
        )
        print(f"提醒 reminders: {reminders}")
    return 0
