"""Early, on time or overdue: the on-time rule of the service-quality index (group 2.1)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from courses.rules.rule import Rule

SOURCE = "mô tả công thức chỉ số 766 (bản không chính thức), mục 2.1; Quyết định 766/QĐ-TTg"
SINCE = date(2022, 6, 23)

ON_TIME_RULE = Rule(
    "dung-han",
    "Đúng hạn khi ngày kết thúc xử lý không sau ngày hẹn trả. Ngày kết thúc là mốc đầu tiên có được theo thứ tự: đã xử "
    "lý xong, đã trả kết quả, dừng xử lý hoặc rút sau khi đã tiếp nhận.",
    SOURCE,
    SINCE,
)
PAUSE_RULE = Rule(
    "tru-thoi-gian-bo-sung",
    "Yêu cầu bổ sung đã được trả lời thì trừ khoảng thời gian từ lúc yêu cầu đến lúc bổ sung xong.",
    SOURCE,
    SINCE,
)
WAITING_RULE = Rule(
    "cho-bo-sung",
    "Mới yêu cầu bổ sung một lần và người dân chưa trả lời thì ngày kết thúc là lúc yêu cầu.",
    SOURCE,
    SINCE,
)
TWICE_RULE = Rule("bo-sung-nhieu-lan", "Yêu cầu bổ sung quá một lần thì hồ sơ bị tính là quá hạn.", SOURCE, SINCE)
OPEN_RULE = Rule("chua-xong", "Hồ sơ còn đang xử lý thì lấy ngày cuối kỳ báo cáo để so.", SOURCE, SINCE)
EARLY_RULE = Rule("truoc-han", "Trước hạn: kết thúc trước hẳn ngày hẹn trả.", "thông lệ, chưa kiểm chứng")


class Timeliness(StrEnum):
    """How a dossier stands to its due date."""

    EARLY = "trước hạn"
    ON_TIME = "đúng hạn"
    OVERDUE = "quá hạn"


@dataclass(frozen=True, slots=True)
class Request:
    """One request for supplement: when it was asked, and when it was answered (None: not yet)."""

    asked: datetime
    answered: datetime | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The moments of one accepted dossier that decide whether it is on time."""

    due: date
    done: datetime | None = None
    returned: datetime | None = None
    stopped: datetime | None = None
    requests: tuple[Request, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict, the day that was compared with the due date, and the rule that decided."""

    timeliness: Timeliness
    end: date
    rule: Rule


def judge(timeline: Timeline, report_end: date) -> Judged:
    """Return how a dossier stands at the last day of a report period, by the rules above."""
    end, rule = _end_of(timeline, report_end)
    if len(timeline.requests) > 1:
        return Judged(Timeliness.OVERDUE, end, TWICE_RULE)
    if end > timeline.due:
        return Judged(Timeliness.OVERDUE, end, rule)
    return Judged(Timeliness.EARLY if end < timeline.due else Timeliness.ON_TIME, end, rule)


def _end_of(timeline: Timeline, report_end: date) -> tuple[date, Rule]:
    moment = next((at for at in (timeline.done, timeline.returned, timeline.stopped) if at is not None), None)
    waiting = next((request for request in timeline.requests if request.answered is None), None)
    if moment is None and waiting is not None:
        return waiting.asked.date(), WAITING_RULE
    pause = sum(
        (request.answered - request.asked for request in timeline.requests if request.answered is not None), timedelta()
    )
    end = (moment - pause).date() if moment is not None else report_end - timedelta(days=pause.days)
    if moment is None:
        return end, OPEN_RULE
    return end, PAUSE_RULE if pause else ON_TIME_RULE
