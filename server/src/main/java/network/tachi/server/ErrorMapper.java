package network.tachi.server;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.helidon.http.HttpException;
import io.helidon.http.RequestException;

/** The one mapping from anything thrown to what a client is told. */
final class ErrorMapper {
  private static final System.Logger LOG = System.getLogger(ErrorMapper.class.getName());

  private ErrorMapper() {}

  /** What to tell the client; defects of ours are logged here with the request's id. */
  static ApiError map(Throwable thrown, String requestId) {
    ApiError error = classify(thrown, requestId);
    if (error.code().kind() == ErrorKind.INTERNAL || error.code().kind() == ErrorKind.DATA_LOSS) {
      LOG.log(System.Logger.Level.ERROR, "Request " + requestId + " failed", thrown);
    } else if (LOG.isLoggable(System.Logger.Level.DEBUG)) {
      LOG.log(System.Logger.Level.DEBUG, "Request {0}: {1}", requestId, thrown.toString());
    }
    return error;
  }

  private static ApiError classify(Throwable thrown, String requestId) {
    return switch (thrown) {
      case ApiException e -> e.error();
      case StatusRuntimeException e -> ofStatus(e.getStatus(), e, requestId);
      case StatusException e -> ofStatus(e.getStatus(), e, requestId);
      case InvalidProtocolBufferException e ->
          ApiError.of(ErrorCode.MALFORMED_BODY, "not a valid message: " + firstLine(e));
      case RequestException e ->
          ofHttpStatus(
              e.status().code(), e.safeMessage() ? e.getMessage() : e.status().reasonPhrase());
      case HttpException e -> ofHttpStatus(e.status().code(), e.getMessage());
      default -> internal(requestId);
    };
  }

  private static ApiError ofStatus(Status status, Throwable thrown, String requestId) {
    return switch (status.getCode()) {
      case OK, UNKNOWN, INTERNAL -> internal(requestId);
      default -> GrpcErrors.fromThrowable(thrown).orElseGet(() -> internal(requestId));
    };
  }

  /** The error that a bare HTTP status stands for; Helidon throws these before a handler runs. */
  static ApiError ofHttpStatus(int status, @org.jspecify.annotations.Nullable String message) {
    ErrorCode code =
        switch (status) {
          case 401 -> ErrorCode.UNAUTHENTICATED;
          case 403 -> ErrorCode.PERMISSION_DENIED;
          case 404 -> ErrorCode.UNKNOWN_ROUTE;
          case 405 -> ErrorCode.METHOD_NOT_ALLOWED;
          case 408 -> ErrorCode.REQUEST_TIMEOUT;
          case 413 -> ErrorCode.TOO_LARGE;
          case 415 -> ErrorCode.UNSUPPORTED_MEDIA_TYPE;
          case 429 -> ErrorCode.RATE_LIMITED;
          case 501 -> ErrorCode.UNIMPLEMENTED;
          case 503 -> ErrorCode.UNAVAILABLE;
          default -> status >= 400 && status < 500 ? ErrorCode.BAD_REQUEST : ErrorCode.INTERNAL;
        };
    String detail = code.kind() == ErrorKind.INTERNAL || message == null ? code.title() : message;
    return ApiError.of(code, detail);
  }

  private static ApiError internal(String requestId) {
    return ApiError.of(ErrorCode.INTERNAL, "an internal error; please report request " + requestId);
  }

  private static String firstLine(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null
        ? thrown.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }
}
