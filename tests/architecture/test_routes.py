"""Every route declares who may open it, and the process does not start otherwise."""

from django.http import HttpResponse
from django.test import override_settings
from django.urls import path

from yukuai.accounts.routes import every_route_says_who_may_open_it, iter_routes
from yukuai.api.app import api


def undeclared(request):
    return HttpResponse("")


urlpatterns = [path("forgotten/", undeclared)]


def test_every_route_declares_its_access():
    assert every_route_says_who_may_open_it() == []
    assert len(list(iter_routes())) > 20


@override_settings(ROOT_URLCONF=__name__)
def test_a_forgotten_declaration_is_an_error_at_the_start():
    [error] = every_route_says_who_may_open_it()
    assert "forgotten/" in error.msg


def test_every_operation_of_the_interface_names_its_permission():
    operations = [
        operation
        for _, router in api._routers
        for view in router.path_operations.values()
        for operation in view.operations
    ]
    assert len(operations) >= 5
    assert all(hasattr(operation.view_func, "permission") for operation in operations)
