"""The words that the field client's scripts say, by screen; a screen carries its own and the common ones."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

WORDS = {
    "common": {
        "chip_auth": _("Sign in again"),
        "chip_blocked": _("Needs you"),
        "chip_failed": _("Not sent yet"),
        "chip_idle": _("Uploaded"),
        "chip_offline": _("Offline"),
        "chip_other": _("Records of others"),
        "chip_queued": _("%(n)s to upload"),
        "chip_saved": _("Kept on this phone"),
        "chip_sending": _("Uploading"),
        "copied": _("Copied"),
        "update_must": _("This version is too old to upload. Update now; every record stays on this phone."),
        "update_new": _("There is a new version. The update takes 2 seconds."),
    },
    "today": {
        "again": _("Try again"),
        "begin": _("Start the walk"),
        "closed_day": _("No school today: no patrol is due"),
        "draft_evidence": _("Rectification of %(what)s"),
        "draft_patrol": _("Patrol of %(day)s"),
        "draft_snap": _("Snapshot report"),
        "draft_state": _("%(done)s done, kept on this phone since %(time)s"),
        "due": _("The daily patrol has not begun"),
        "due_detail": _("%(n)s items, %(m)s of them with a photo."),
        "go_on": _("Go on"),
        "hazard_count": _("%(n)s open"),
        "no_list": _("Today's list is not on this phone yet"),
        "no_list_detail": _("It needs the network once; then the patrol works without."),
        "no_session": _("Sign in to fetch today's list"),
        "no_session_detail": _("What is not uploaded yet stays on this phone."),
        "no_storage": _("This browser keeps nothing: use the online form"),
        "no_storage_detail": _("A private window or a full phone can be the cause."),
        "not_ready": _("Missing for work without network: %(what)s"),
        "online_form": _("Open the online form"),
        "ready_list": _("list"),
        "ready_no": _("not there"),
        "ready_pages": _("pages"),
        "ready_points": _("points"),
        "ready_space": _("space"),
        "ready_yes": _("ready"),
        "report_hazard": _("Report a hazard"),
        "sent": _("Today's patrol is handed in"),
        "sent_detail": _("Number %(number)s, received %(time)s"),
        "sign_in": _("Sign in"),
        "started": _("The daily patrol is under way"),
        "started_detail": _("%(done)s of %(all)s items done, kept on this phone."),
        "walk_again": _("Start another walk"),
        "waiting": _("Today's patrol waits to be uploaded"),
        "waiting_detail": _("It goes by itself as soon as there is a network."),
        "waiting_show": _("Show what waits"),
    },
    "walk": {
        "walk_counts": _("One by one %(each)s, merged %(bulk)s, not applicable %(skipped)s."),
        "walk_discard_sure": _("Throw this walk away? %(n)s answers and their photos are gone for good."),
        "walk_fixed": _("Fixed on the spot"),
        "walk_found": _("Problems found: %(n)s"),
        "walk_general": pgettext_lazy("grade", "General"),
        "walk_loose": _("Photos that belong to no item yet: %(n)s. They are not handed in."),
        "walk_major": _("Suspected major"),
        "walk_missing": _("Not answered yet: %(n)s"),
        "walk_needs_after": _("Fixed on the spot needs a photo of after."),
        "walk_needs_comment": _("Say how it was fixed on the spot."),
        "walk_needs_photo": _("Take a photo of what is wrong."),
        "walk_needs_words": _("Say what is wrong: choose a phrase or write it."),
        "walk_no_point": _("None"),
        "walk_normal": pgettext_lazy("answer", "Normal"),
        "walk_photo_busy": _("The photo is still being made smaller; a moment."),
        "walk_photograph": _("Normal: photo"),
        "walk_progress": _("%(done)s of %(all)s done, %(n)s problems"),
        "walk_rest": _("The other %(n)s are normal"),
        "walk_title": _("Daily patrol"),
        "walk_unfinished": _("Not finished: go on"),
    },
    "snap": {},
    "mine": {},
    "queue": {
        "queue_auth": _("Sign in again"),
        "queue_begun": _("Begun %(when)s"),
        "queue_blocked": _("Needs you"),
        "queue_draft": _("Draft"),
        "queue_dropped": _("Deleted: %(title)s"),
        "queue_exported": _("%(n)s records with %(photos)s photos are in the file. They also stay here."),
        "queue_exporting": _("Writing the file…"),
        "queue_failed": _("Did not go up"),
        "queue_fault": _("That did not work: %(fault)s"),
        "queue_file": _("%(name)s (%(size)s MB)"),
        "queue_finished": _("Finished %(when)s"),
        "queue_kind_evidence": _("Evidence of rectification"),
        "queue_kind_patrol": _("Daily patrol"),
        "queue_kind_snap": _("Snap report"),
        "queue_next": _("next try %(when)s"),
        "queue_other": _("Of somebody else"),
        "queue_photos": _("photos %(n)s/%(of)s"),
        "queue_photos_kept": _("%(n)s photos"),
        "queue_purged": _("%(day)s: %(n)s records of %(name)s, older than 30 days and never uploaded"),
        "queue_queued": _("To upload"),
        "queue_renewed": _("Saved as a new record; it goes up now."),
        "queue_renewed_note": _("(Saved as new from record %(old)s)"),
        "queue_sending": _("Uploading"),
        "queue_sent": _("Uploaded"),
        "queue_somebody": _("another person"),
        "queue_tries": _("%(n)s tries"),
        "queue_why_auth": _("It goes on after you sign in; the record is not lost."),
        "queue_why_blocked": _("The server did not take it."),
        "queue_why_changed": _(
            "The server has a different record under this number. Save this one as a new record."
        ),
        "queue_why_draft": _("Not finished; kept on this phone"),
        "queue_why_failed": _("The server is busy; it goes on by itself."),
        "queue_why_failed_next": _("The server is busy; the next try is at %(when)s."),
        "queue_why_other": _("%(n)s of %(name)s: only %(name)s can upload them, after signing in."),
        "queue_why_queued": _("Goes up by itself when there is a network."),
        "queue_why_role": _(
            "You hold no post at this school any more, so the server does not take it from you. The record "
            "is kept: export it and ask the principal or an administrator to bring it in."
        ),
        "queue_why_sending": _("Photo %(n)s of %(of)s"),
        "queue_why_sending_record": _("The record itself"),
        "queue_why_sent": _("Number %(number)s, %(when)s"),
        "queue_why_somebody": _(
            "%(n)s of somebody else: only that person can upload them, after signing in."
        ),
    },
    "receipt": {
        "receipt_copied": _("Copied"),
        "receipt_doubtful_time": _("Time in doubt"),
        "receipt_late": _("Late entry"),
        "receipt_not_copied": _("This browser does not copy; write the number down."),
        "receipt_second_round": _("Second patrol of the day"),
        "receipt_supplement": _("Kept as a supplement"),
    },
    "photo": {
        "burst_choose": _("Choose photos first."),
        "burst_chosen": _("%(n)s chosen"),
        "burst_dropped": _("%(n)s photos deleted"),
        "burst_has": _("%(n)s photos"),
        "burst_keeping": _("Keeping photo %(n)s of %(of)s…"),
        "burst_kept": _("%(n)s photos kept on this phone"),
        "burst_loose": _("%(n)s photos without an item"),
        "burst_normal": _("%(n)s photos show as normal: %(item)s"),
        "burst_problem": _("%(n)s photos show a problem: %(item)s"),
        "burst_undone": _("Taken back"),
        "ghost_no_before": _("The photo of before cannot be shown without network."),
        "ghost_no_camera": _("The camera cannot be shown here. Use the phone's camera, from the same spot."),
        "photo_clock": _("Clock not set"),
        "photo_name": _("Photo %(n)s, %(t)s"),
        "photo_no_space": _(
            "This phone is full. The words are kept, the photo is not: free about %(mb)s MB, then take it again."
        ),
        "photo_not_kept": _("The photo could not be kept. Take it again."),
        "photo_too_many": _("No more than %(n)s photos here."),
        "photo_unreadable": _("This picture cannot be opened and is not kept. Take it with the camera."),
        "retouch_set": _("Marks set: %(n)s"),
        "retouch_undone": _("Taken back; marks left: %(n)s"),
    },
    "help": {},
    "out": {
        "count_wrong": _("The number does not match: %(n)s is what would be lost."),
        "left_others": _("Records of others stay on this phone until they sign in: %(n)s."),
        "out_done": _("You are signed out, and nothing of you is left on this phone."),
        "out_later": _(
            "Nothing of you is left on this phone. The server signs you out when it is next reached."
        ),
        "unsent": _("%(n)s records are not uploaded yet, %(m)s are not finished."),
    },
}
# Sets that several screens need, e.g. what the photo pipeline says.
SHARED: dict[str, tuple[str, ...]] = {
    "walk": ("photo", "receipt"),
    "snap": ("photo",),
    "mine": ("photo",),
    "queue": ("receipt",),
}


def words_of(screen):
    """[(key, words)] for one screen, the common ones first."""
    return [
        (key, words)
        for name in ("common", *SHARED.get(screen, ()), screen)
        for key, words in WORDS[name].items()
    ]
