from django.db import migrations

EVERYWHERE = """SELECT set_config('yukuai.areas', '{""}', true)"""
# One question for each matter that waits for a helper now. The words are the newest ones of the log.
HELPERS = """
INSERT INTO cases_helper (division_id, area, holders, case_id, department_id, question, asked_at,
    asked_by, asked_by_id, due_at, words, answered_by, withdrawal)
SELECT c.division_id, c.area, c.holders, c.id, c.helper_department_id, asked.reason,
    asked.happened_at, asked.actor, asked.user_id, clock.due_at, '', '', ''
FROM cases_case c
JOIN LATERAL (
    SELECT reason, happened_at, actor, user_id FROM workflow_statechange s
    WHERE s.workflow = 'case' AND s.object_id = c.id AND s.move = 'ask_help'
    ORDER BY s.id DESC LIMIT 1
) asked ON true
JOIN workflow_deadline clock ON clock.workflow = 'case' AND clock.object_id = c.id
    AND clock.name = 'help' AND clock.met_at IS NULL AND clock.dropped_at IS NULL
WHERE c.state = 'collab' AND c.helper_department_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM cases_helper h WHERE h.case_id = c.id
        AND h.answered_at IS NULL AND h.withdrawn_at IS NULL)
"""
CLOCKS = """
UPDATE workflow_deadline d SET name = 'help:' || h.department_id
FROM cases_helper h
WHERE d.workflow = 'case' AND d.object_id = h.case_id AND d.name = 'help'
    AND d.met_at IS NULL AND d.dropped_at IS NULL
    AND h.answered_at IS NULL AND h.withdrawn_at IS NULL
"""


class Migration(migrations.Migration):
    """Running helpers go into their table. The column they came from stays, written and read by
    the release before this one alone."""

    dependencies = [('cases', '0014_several_hands_at_once'), ("workflow", "0001_initial")]

    operations = [
        migrations.RunSQL([EVERYWHERE, HELPERS, CLOCKS], migrations.RunSQL.noop),
    ]
