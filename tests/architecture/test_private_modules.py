"""Models belong to their app: another app may name them in annotations, never import them."""

import grimp


def test_no_app_imports_another_apps_models():
    graph = grimp.build_graph("yukuai", exclude_type_checking_imports=True, cache_dir=None)
    wrong = []
    for imported in graph.modules:
        _, app, *rest = [*imported.split("."), ""]
        if app == "kernel" or rest[:1] != ["models"]:
            continue
        for importer in graph.find_modules_that_directly_import(imported):
            if not importer.startswith(f"yukuai.{app}."):
                wrong.append(f"{importer} -> {imported}")
    assert sorted(wrong) == []


def test_no_app_imports_anothers_private_modules():
    graph = grimp.build_graph("yukuai", exclude_type_checking_imports=True, cache_dir=None)
    wrong = []
    for imported in graph.modules:
        if not imported.rpartition(".")[2].startswith("_"):
            continue
        app = ".".join(imported.split(".")[:2])
        for importer in graph.find_modules_that_directly_import(imported):
            if not importer.startswith(app):
                wrong.append(f"{importer} -> {imported}")
    assert sorted(wrong) == []
