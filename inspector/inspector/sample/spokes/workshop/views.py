from django.conf import settings
from django.contrib.auth.decorators import login_required, permission_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.views import View

from workshop.models import Job, OpenJob


def board(request):
    jobs = OpenJob.objects.select_related("bike__brand", "mechanic")
    return JsonResponse(
        {
            "slow_after_minutes": settings.WORKSHOP_SLOW_JOB_MINUTES,
            "jobs": [{"bike": str(job.bike), "state": job.get_state_display()} for job in jobs],
        }
    )


class JobView(View):
    def get(self, request, pk):
        job = get_object_or_404(Job, pk=pk)
        return JsonResponse({"bike": str(job.bike), "note": job.note})

    def post(self, request, pk):
        job = get_object_or_404(Job, pk=pk)
        job.note = request.POST.get("note", "")
        job.save(update_fields=["note", "updated_at"])
        return JsonResponse({"saved": True})


@login_required
@permission_required("workshop.hand_over")
def hand_over(request, pk):
    job = get_object_or_404(Job, pk=pk)
    job.state = Job.State.COLLECTED
    job.save(update_fields=["state", "updated_at"])
    return JsonResponse({"state": job.get_state_display()})
