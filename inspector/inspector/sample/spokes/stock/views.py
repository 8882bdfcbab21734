from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_POST

from stock.models import Movement, Part


@require_GET
def running_out(request):
    rows = Part.objects.running_out().values("number", "name", "on_hand")
    return JsonResponse({"parts": list(rows)})


@login_required
@require_POST
def take(request, number):
    part = get_object_or_404(Part, number=number)
    Movement.objects.create(part=part, amount=-1, reason="taken from the shelf")
    return JsonResponse({"number": part.number})
