"""How the engine answers what is wrong (ado-api.md section 3). Failures of nodes, types and fields: metadata."""

from typing import Any

from starlette.responses import JSONResponse, PlainTextResponse, Response

from local.azure_devops.metadata.failures import Failure, body


class DetailedFailure(Failure):
    """A failure whose body has `customProperties` besides."""

    def __init__(self, status: int, type_key: str, message: str, details: dict[str, Any]) -> None:
        super().__init__(status, type_key, message)
        self.details = details


def answer_of(failure: Failure) -> Response:
    """The error body of a failure."""
    details = getattr(failure, "details", None)
    extra = {"customProperties": details} if details else {}
    return JSONResponse(body(failure) | extra, failure.status)


def status_body(status: int) -> Response:
    """What an injected fault answers with: JSON, or JSON with a byte order mark on 503 (section 3 [R])."""
    if status == 503:
        failure = Failure(503, "ServiceUnavailableException", "TF24668: The service is unavailable.")
        text = b"\xef\xbb\xbf" + bytes(answer_of(failure).body)
        return Response(text, 503, media_type="application/json")
    if status == 429:
        return answer_of(too_many_requests())
    if status == 409:
        return answer_of(revision_mismatch(409))
    return answer_of(Failure(status, "VssServiceException", f"VS{status}: The request failed."))


def too_many_requests() -> Failure:
    message = (
        "TF400733: The request has been canceled: Request was blocked due to exceeding usage of resource "
        "work item tracking in namespace contoso."
    )
    return Failure(429, "RequestBlockedException", message)


def no_controller(path: str) -> Response:
    """An unknown route is answered in plain text (section 3 [R])."""
    text = f"The controller for path '{path}' was not found or does not implement IController."
    return PlainTextResponse(text, 404)


def version_missing(method: str) -> Failure:
    message = f'No api-version was supplied for the "{method}" request. It is expected in the query or in Accept.'
    return Failure(400, "VssVersionNotSpecifiedException", message)


def version_unknown(version: str) -> Failure:
    message = f'The requested REST API version "{version}" is out of range for this server; the latest is 7.2.'
    return Failure(400, "VssVersionOutOfRangeException", message)


def preview_missing(version: str) -> Failure:
    message = (
        f'The requested version "{version}" of the resource is under preview. The -preview flag must be supplied '
        f'in the api-version for such requests. For example: "{version}-preview".'
    )
    return Failure(400, "VssInvalidPreviewVersionException", message)


def revision_mismatch(status: int) -> Failure:
    message = "TF26071: This work item has been changed by someone else since you opened it."
    return Failure(status, "WorkItemRevisionMismatchException", message)


def test_failed(path: str, wanted: object, actual: object) -> Failure:
    message = f"VS403351: Test Operation for path {path} failed, value {actual} was not equal to test value {wanted}."
    return Failure(412, "TestPatchOperationFailedException", message)


def patch_invalid(message: str) -> Failure:
    return Failure(400, "VssPropertyValidationException", f"You must pass a valid patch document: {message}")


def argument_invalid(message: str) -> Failure:
    return Failure(400, "ArgumentException", message)


def unsupported_media(media_type: str) -> Failure:
    message = f"The request entity's media type '{media_type}' is not supported for this resource."
    return Failure(415, "UnsupportedMediaTypeException", message)


def too_many_results() -> Failure:
    message = "VS402337: The number of work items returned exceeds the size limit of 20000. Change the query."
    return Failure(400, "WorkItemTrackingQueryResultSizeLimitExceededException", message)


def query_invalid(message: str) -> Failure:
    return Failure(400, "SyntaxErrorException", f"TF51006: The query statement is not valid: {message}")


def dates_decreasing() -> Failure:
    message = "VS402625: Dates must be increasing with each revision."
    return Failure(400, "WorkItemDatesOutOfOrderException", message)


def permission_missing(action: str) -> Failure:
    return Failure(403, "AccessDeniedException", f"TF401349: You do not have the permission to {action}.")
