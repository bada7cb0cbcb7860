"""The result of a job line by line: one line for each thing that it acts on, kept once."""

from django.db import transaction

from .models import Job


@transaction.atomic
def keep_line(job, pk, name, text, *, url="", is_done=False):
    """Add the line of the thing `pk` to the result of the job; returns the lines so far.

    Called in the transaction of the act itself, so that a second run of a broken job neither acts again
    nor loses the line. A line that is there stays as it is.
    """
    fresh = Job.objects.select_for_update().get(pk=job.pk)
    rows = fresh.result.get("rows", [])
    if pk not in {row["pk"] for row in rows}:
        rows = [*rows, {"pk": pk, "school": name, "text": text, "ok": is_done, "url": url}]
        Job.objects.filter(pk=job.pk).update(result={"rows": rows})
    return rows
