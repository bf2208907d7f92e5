"""任职, 免职: single people come into a post or leave it during the term."""

from django import forms
from django.db.models import Q
from django.utils import timezone

from elections.desk.holders import NAME_HELP, holder, strangers
from elections.desk.task import DatedTaskForm, Request, Task
from elections.models import Post
from elections.services.posts import Seated, begin_post, end_post
from orgs.days import spoken
from orgs.enums import Body, Kind, Seat, Title
from orgs.models import Organization, User
from orgs.operations import Watch

GROUP = "班子成员"
# Whom the superior may appoint where it is necessary (APP-07: 支部条例 第二十一条).
APPOINTED = (Title.SECRETARY, Title.DEPUTY_SECRETARY)


class PostTask(Task):
    """A task about who holds posts."""

    group = GROUP

    def offered(self, organization: Organization) -> bool:
        return organization.kind != Kind.LOCAL_COMMITTEE and organization.closed_on is None


class BeginForm(DatedTaskForm):
    """Who comes into which post, how and when."""

    field_order = ("title", "name", "seat", "body", "on")

    title = forms.ChoiceField(label="职务", choices=Title.choices())
    name = forms.CharField(label="姓名", max_length=70, help_text=NAME_HELP)
    seat = forms.ChoiceField(
        label="产生方式",
        choices=Seat.choices(),
        help_text="补选、增补的为“选举产生”；上级指派的只有书记、副书记。",
    )
    body = forms.ChoiceField(label="班子", choices=Body.choices())
    on = forms.DateField(label="任职日期", initial=timezone.localdate, help_text="选举或者任命的日期，不能晚于今天。")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("seat") == Seat.APPOINTED and cleaned.get("title") not in APPOINTED:
            self.add_error("seat", "确有必要时上级可以指派书记、副书记；其他委员应当补选。")
        if not self.errors:
            person = holder(self, "name", on=cleaned["on"])
            if person is not None:
                cleaned["who"] = Seated(
                    title=Title(cleaned["title"]), name=person[0], member=person[1], seat=Seat(cleaned["seat"])
                )
        return cleaned


class BeginPost(PostTask):
    """任职（补选、增补、指派）."""

    code = "begin-post"
    title = "任职（补选、增补、指派）"
    hint = "登记任期中间任职的人员；任期仍从本届选举之日起算，不重新计算。全体改选的请办理“登记已完成的换届”。"
    form_class = BeginForm

    def run(self, request: Request, watch: Watch) -> None:
        begin_post(
            organization=request.organization,
            who=request.data["who"],
            since=request.on,
            body=request.data["body"],
            by=request.by,
        )

    def warnings(self, request: Request) -> list[str]:
        return strangers([request.data["who"]])

    def summary(self, request: Request) -> str:
        who = request.data["who"]
        return f"任职：{request.organization.name}{who.title.label}{who.name}"


class PostsChoice(forms.ModelMultipleChoiceField):
    """Posts held, sent as their uids."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, post: Post) -> str:
        since = f"（{spoken(post.since)}起）" if post.since else ""
        body = "" if post.body == Body.COMMITTEE else post.get_body_display()
        return f"{body}{post.get_title_display()} {post.holder_name}{since}"


class EndForm(DatedTaskForm):
    """Whose posts end, and when."""

    field_order = ("posts", "on")

    posts = PostsChoice(queryset=Post.objects.none(), to_field_name="uid", label="免去的职务")
    on = forms.DateField(label="免职日期", initial=timezone.localdate, help_text="从这一天起不再任职。")

    def prepare(self) -> None:
        here = Post.objects.visible_to(self.user).filter(organization=self.organization)
        today = timezone.localdate()
        self.fields["posts"].queryset = here.filter(Q(until__isnull=True) | Q(until__gt=today)).order_by("body", "id")
        self.fields["posts"].error_messages["required"] = "请选择免去的职务。"


class EndPosts(PostTask):
    """免职."""

    code = "end-posts"
    title = "免职"
    hint = "登记离任的人员。缺额的，由党员大会补选；确有必要时，上级可以指派书记、副书记。"
    form_class = EndForm

    def refusal(self, organization: Organization, user: User) -> str:
        held = Post.objects.visible_to(user).filter(organization=organization, until__isnull=True)
        return "" if held.exists() else "没有在任的班子成员。"

    def run(self, request: Request, watch: Watch) -> None:
        for post in request.data["posts"]:
            end_post(post=post, until=request.on, by=request.by)

    def summary(self, request: Request) -> str:
        names = "、".join(f"{post.get_title_display()}{post.holder_name}" for post in request.data["posts"])
        return f"免职：{request.organization.name}{names}"
