"""Saved reports and their sending: what is refused, a report that goes out for real, days that were missed."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace

import pytest

from firmware.commands.report_mail import MailCommands
from firmware.config import MailConfig
from firmware.model import OperatorError
from firmware.store import mail, views
from tests.unit.commands.office import Box, run
from tests.unit.mail.smtp_server import SmtpServer

QUERY = {"kind": "success", "span": "last_week", "by": "day", "campaigns": []}
PLAN = {
    "rhythm": "daily",
    "at": "07:00",
    "recipients": ["chef@office.example", "team@office.example"],
    "format": "pdf",
    "language": "de",
}


def sending(box: Box, server: SmtpServer) -> MailCommands:
    """The same commands in a box that has a mail server."""
    given = MailConfig(
        host="127.0.0.1", port=server.port, security="none", sender="box@office.example", timeout_s=30.0
    )
    context = box.office.mail._context
    return MailCommands(replace(context, config=replace(context.config, mail=given)))


def test_what_is_refused() -> None:
    async def scene(box: Box) -> None:
        user = await box.agent()
        other = await box.agent("ben")
        for query in ({"campaigns": ["1"]}, {"kind": 7}, {"by": "x" * 21}, {"campaigns": 3}):
            where = await box.refused("report.save", name="A", user_id=user, query=query)
            assert where == {"query": "report_not_asked"}
        made = (await box.ask("report.save", name="A", user_id=user, query=QUERY))["id"]
        assert await box.refused("report.remove", id=made, user_id=other) == {
            "view": "report_view_of_another"
        }
        assert await box.refused("report.remove", id=99, user_id=user) == {"view": "report_view_unknown"}
        assert await box.refused("report.schedule", view_id=made, **PLAN) == {"host": "mail_not_set"}
        server = SmtpServer()
        commands = sending(box, server)
        for changed, key in (
            ({"recipients": ["nobody"]}, "mail_address_wrong"),
            ({"rhythm": "weekly", "day": 7}, "schedule_day_wrong"),
            ({"rhythm": "monthly", "day": 29}, "schedule_day_wrong"),
        ):
            with pytest.raises(OperatorError) as refused:
                await commands.schedule(view_id=made, **{**PLAN, **changed})  # type: ignore[arg-type]
            assert refused.value.problems[0].key == key
        server.stop()

    run(scene)


def test_a_report_goes_out_once_for_all_the_days_the_box_was_off() -> None:
    async def scene(box: Box) -> None:
        user, server = await box.agent(), SmtpServer()
        commands = sending(box, server)
        made = (await box.ask("report.save", name="Woche", user_id=user, query=QUERY))["id"]
        planned = (await commands.schedule(view_id=made, **PLAN))["id"]  # type: ignore[arg-type]
        await commands.look()
        await commands.settled()
        assert await box.store.do(mail.latest) == []
        box.clock.step_utc(5 * 86_400)
        await commands.look()
        await commands.settled()
        after = await box.store.do(lambda conn: views.schedule(conn, planned))
        assert after.last_result == "queued", after.last_detail
        assert after.next_at > box.clock.utc()
        await commands.look()
        await commands.settled()
        assert await commands.sender.round() == 2
        await commands.stop()
        server.stop()
        assert [each.recipients for each in server.taken] == [
            ["chef@office.example"],
            ["team@office.example"],
        ]
        read = email.message_from_bytes(server.taken[0].content, policy=email.policy.default)
        (attached,) = read.iter_attachments()
        assert attached.get_content_type() == "application/pdf"
        assert attached.get_content().startswith(b"%PDF-")
        assert "Woche" in read["Subject"]
        await box.ask("report.remove", id=made, user_id=user)
        assert await box.store.do(views.schedules) == []

    run(scene)
