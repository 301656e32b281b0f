# mypy: disable-error-code="type-arg"
"""An interface whose published description says all that it answers: the refusals that any
operation may give, and each answer in the media types in which it really comes."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, ClassVar

from ninja import NinjaAPI, Schema
from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema

Document = dict[str, Any]


class DescribedAPI(NinjaAPI):
    """`refusal` is the shape of `refusals`, by status; `media_of` the types an answer comes in."""

    refusal: ClassVar[type[Schema]]
    refusals: ClassVar[Mapping[int, str]]
    body_refusals: ClassVar[Mapping[int, str]] = {}
    """Of operations that read a body besides."""
    besides: ClassVar[Mapping[str, Document]] = {}
    """Paths below the same root that other views answer, described by hand."""

    def refusal_schema(self, reference: Document) -> Document:
        return reference

    def media_of(self, status: int) -> tuple[str, ...]:
        return ("application/json",)

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        root = path_prefix or self.get_root_path(path_params or {})
        document = super().get_openapi_schema(path_prefix=root)
        document["paths"] |= {
            f"/{root}{path}".replace("//", "/"): deepcopy(item)
            for path, item in self.besides.items()
        }
        name = self.refusal.__name__
        shapes = document["components"].setdefault("schemas", {})
        shapes[name] = self.refusal.model_json_schema(
            ref_template=REF_TEMPLATE, mode="serialization"
        )
        shape = self.refusal_schema({"$ref": REF_TEMPLATE.format(model=name)})
        for methods in document["paths"].values():
            for operation in methods.values():
                operation["responses"] = self._answers(operation, shape)
        return document

    def _answers(self, operation: Document, shape: Document) -> Document:
        words = {**self.refusals, **(self.body_refusals if "requestBody" in operation else {})}
        answers: dict[int, Document] = {
            status: {"description": said, "content": {"": {"schema": shape}}}
            for status, said in words.items()
        }
        answers |= {int(status): told for status, told in operation["responses"].items()}
        return {
            str(status): told | {"content": self._in_its_media(status, told["content"])}
            for status, told in sorted(answers.items())
        }

    def _in_its_media(self, status: int, content: Document) -> Document:
        """Whatever it is written in, the shape is the same."""
        [shape] = content.values()
        return dict.fromkeys(self.media_of(status), shape)
