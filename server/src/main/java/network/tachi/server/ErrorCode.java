package network.tachi.server;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/**
 * A stable machine-readable error code. Clients switch on {@code value}, so once published it never
 * changes its meaning. Roles declare their own as constants.
 *
 * @param value snake_case, such as {@code voucher_too_low}
 * @param kind what it maps to on both protocols
 * @param title one short sentence for people, the same for every occurrence (RFC 9457 {@code
 *     title})
 */
public record ErrorCode(String value, ErrorKind kind, String title) {
  private static final Pattern SNAKE_CASE = Pattern.compile("[a-z][a-z0-9_]{0,63}");

  /** The request is malformed or a field is out of range. */
  public static final ErrorCode INVALID_ARGUMENT =
      new ErrorCode("invalid_argument", ErrorKind.INVALID_ARGUMENT, "Invalid argument");

  /** The body is not the JSON or protobuf message that is expected here. */
  public static final ErrorCode MALFORMED_BODY =
      new ErrorCode("malformed_body", ErrorKind.INVALID_ARGUMENT, "Malformed request body");

  /** The HTTP request itself is malformed. */
  public static final ErrorCode BAD_REQUEST =
      new ErrorCode("bad_request", ErrorKind.INVALID_ARGUMENT, "Malformed request");

  /** The caller did not prove who it is. */
  public static final ErrorCode UNAUTHENTICATED =
      new ErrorCode("unauthenticated", ErrorKind.UNAUTHENTICATED, "Authentication required");

  /** The request must be paid for first. */
  public static final ErrorCode PAYMENT_REQUIRED =
      new ErrorCode("payment_required", ErrorKind.PAYMENT_REQUIRED, "Payment required");

  /** The caller is known, but may not do this. */
  public static final ErrorCode PERMISSION_DENIED =
      new ErrorCode("permission_denied", ErrorKind.PERMISSION_DENIED, "Permission denied");

  /** There is no such thing. */
  public static final ErrorCode NOT_FOUND =
      new ErrorCode("not_found", ErrorKind.NOT_FOUND, "Not found");

  /** There is no such path or gRPC method. */
  public static final ErrorCode UNKNOWN_ROUTE =
      new ErrorCode("unknown_route", ErrorKind.NOT_FOUND, "No such route");

  /** There is no such gRPC service or method here. */
  public static final ErrorCode UNKNOWN_METHOD =
      new ErrorCode("unknown_method", ErrorKind.UNIMPLEMENTED, "No such method");

  /** The path exists, but not with this HTTP method. */
  public static final ErrorCode METHOD_NOT_ALLOWED =
      new ErrorCode("method_not_allowed", ErrorKind.METHOD_NOT_ALLOWED, "Method not allowed");

  /** The client did not send its request in time. */
  public static final ErrorCode REQUEST_TIMEOUT =
      new ErrorCode("request_timeout", ErrorKind.REQUEST_TIMEOUT, "Request not sent in time");

  /** The thing exists already, with other content. */
  public static final ErrorCode ALREADY_EXISTS =
      new ErrorCode("already_exists", ErrorKind.ALREADY_EXISTS, "Already exists");

  /** Somebody else changed the state meanwhile. */
  public static final ErrorCode CONFLICT =
      new ErrorCode("conflict", ErrorKind.CONFLICT, "Conflicting change");

  /** The state of the system does not allow this. */
  public static final ErrorCode FAILED_PRECONDITION =
      new ErrorCode("failed_precondition", ErrorKind.FAILED_PRECONDITION, "Failed precondition");

  /** The request is larger than the published limit. */
  public static final ErrorCode TOO_LARGE =
      new ErrorCode("too_large", ErrorKind.TOO_LARGE, "Request too large");

  /** The content type or encoding is not understood. */
  public static final ErrorCode UNSUPPORTED_MEDIA_TYPE =
      new ErrorCode(
          "unsupported_media_type", ErrorKind.UNSUPPORTED_MEDIA_TYPE, "Unsupported media type");

  /** The gRPC message encoding is not understood. */
  public static final ErrorCode UNSUPPORTED_ENCODING =
      new ErrorCode(
          "unsupported_encoding", ErrorKind.UNIMPLEMENTED, "Unsupported message encoding");

  /** This client sends too much. */
  public static final ErrorCode RATE_LIMITED =
      new ErrorCode("rate_limited", ErrorKind.RATE_LIMITED, "Too many requests");

  /** The client went away. */
  public static final ErrorCode CANCELLED =
      new ErrorCode("cancelled", ErrorKind.CANCELLED, "Cancelled by the client");

  /** A defect of ours. */
  public static final ErrorCode INTERNAL =
      new ErrorCode("internal", ErrorKind.INTERNAL, "Internal error");

  /** Not built, or not in this process. */
  public static final ErrorCode UNIMPLEMENTED =
      new ErrorCode("unimplemented", ErrorKind.UNIMPLEMENTED, "Not implemented");

  /** Not now; retrying later may help. */
  public static final ErrorCode UNAVAILABLE =
      new ErrorCode("unavailable", ErrorKind.UNAVAILABLE, "Temporarily unavailable");

  /** The process is stopping; another instance, or the next start, will answer. */
  public static final ErrorCode STOPPING =
      new ErrorCode("stopping", ErrorKind.UNAVAILABLE, "Server is stopping");

  /** All clients together send too much. */
  public static final ErrorCode OVERLOADED =
      new ErrorCode("overloaded", ErrorKind.OVERLOADED, "Too many concurrent requests");

  /** The answer was not ready before the deadline. */
  public static final ErrorCode DEADLINE_EXCEEDED =
      new ErrorCode("deadline_exceeded", ErrorKind.DEADLINE_EXCEEDED, "Deadline exceeded");

  /** Checks the form of {@code value}. */
  public ErrorCode {
    requireNonNull(kind, "kind is null");
    requireNonNull(title, "title is null");
    if (!SNAKE_CASE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "error code must be snake_case of 1 to 64 characters, found: " + value);
    }
  }

  /** The code that stands for a gRPC status which carries none of ours. */
  static ErrorCode of(io.grpc.Status.Code code) {
    return switch (ErrorKind.of(code)) {
      case INVALID_ARGUMENT -> INVALID_ARGUMENT;
      case UNAUTHENTICATED -> UNAUTHENTICATED;
      case PAYMENT_REQUIRED -> PAYMENT_REQUIRED;
      case PERMISSION_DENIED -> PERMISSION_DENIED;
      case NOT_FOUND -> NOT_FOUND;
      case METHOD_NOT_ALLOWED -> METHOD_NOT_ALLOWED;
      case REQUEST_TIMEOUT -> REQUEST_TIMEOUT;
      case ALREADY_EXISTS -> ALREADY_EXISTS;
      case CONFLICT -> CONFLICT;
      case FAILED_PRECONDITION -> FAILED_PRECONDITION;
      case TOO_LARGE -> TOO_LARGE;
      case UNSUPPORTED_MEDIA_TYPE -> UNSUPPORTED_MEDIA_TYPE;
      case RATE_LIMITED -> RATE_LIMITED;
      case CANCELLED -> CANCELLED;
      case UNIMPLEMENTED -> UNIMPLEMENTED;
      case BAD_GATEWAY, UNAVAILABLE -> UNAVAILABLE;
      case OVERLOADED -> OVERLOADED;
      case DEADLINE_EXCEEDED -> DEADLINE_EXCEEDED;
      case INTERNAL, DATA_LOSS -> INTERNAL;
    };
  }
}
