"""import-linter cannot see string references such as ForeignKey("divisions.Division"); this can."""

from django.apps import apps

LAYERS = [
    "kernel",
    "audit",
    "divisions",
    "accounts",
    "workflow",
    "documents",
    "messaging",
    "registry",
    "cases",
    "disputes",
    "boundaries",
    "elections",
    "oversight",
    "exchange",
    "roster",
    "flows",
    "portal",
    "workbench",
    "api",
]


def test_every_app_of_ours_has_its_layer():
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("yukuai.")}
    assert ours == set(LAYERS)


def test_foreign_keys_point_downwards():
    wrong = []
    for model in apps.get_models():
        label = model._meta.app_label
        if label not in LAYERS:
            continue
        for field in model._meta.get_fields():
            target = field.related_model if field.concrete and field.is_relation else None
            if target is None or target._meta.app_label == label:
                continue
            if LAYERS.index(target._meta.app_label) >= LAYERS.index(label):
                wrong.append(f"{model.__name__}.{field.name} -> {target.__name__}")
    assert wrong == []
