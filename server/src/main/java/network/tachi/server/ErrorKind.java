package network.tachi.server;

import io.grpc.Status;

/** The closed set of error classes: one HTTP status and one gRPC status code each. */
public enum ErrorKind {
  /** The request is malformed or a field is out of range. */
  INVALID_ARGUMENT(400, Status.Code.INVALID_ARGUMENT),
  /** The caller did not prove who it is. */
  UNAUTHENTICATED(401, Status.Code.UNAUTHENTICATED),
  /** The request must be paid for first. */
  PAYMENT_REQUIRED(402, Status.Code.FAILED_PRECONDITION),
  /** The caller is known, but may not do this. */
  PERMISSION_DENIED(403, Status.Code.PERMISSION_DENIED),
  /** There is no such thing. */
  NOT_FOUND(404, Status.Code.NOT_FOUND),
  /** The path exists, but not with this HTTP method. */
  METHOD_NOT_ALLOWED(405, Status.Code.UNIMPLEMENTED),
  /** The client did not send its request in time. */
  REQUEST_TIMEOUT(408, Status.Code.DEADLINE_EXCEEDED),
  /** The thing exists already, with other content. */
  ALREADY_EXISTS(409, Status.Code.ALREADY_EXISTS),
  /** Somebody else changed the state meanwhile; reading it again and retrying may help. */
  CONFLICT(409, Status.Code.ABORTED),
  /** The state of the system does not allow this; retrying alone does not help. */
  FAILED_PRECONDITION(409, Status.Code.FAILED_PRECONDITION),
  /** The request is larger than the published limit. */
  TOO_LARGE(413, Status.Code.RESOURCE_EXHAUSTED),
  /** The content type or encoding is not understood. */
  UNSUPPORTED_MEDIA_TYPE(415, Status.Code.INVALID_ARGUMENT),
  /** This client sends too much. */
  RATE_LIMITED(429, Status.Code.RESOURCE_EXHAUSTED),
  /** The client went away. */
  CANCELLED(499, Status.Code.CANCELLED),
  /** A defect of ours. */
  INTERNAL(500, Status.Code.INTERNAL),
  /** Not built, or not in this process. */
  UNIMPLEMENTED(501, Status.Code.UNIMPLEMENTED),
  /** An upstream answered wrongly. */
  BAD_GATEWAY(502, Status.Code.UNAVAILABLE),
  /** Not now; retrying later may help. */
  UNAVAILABLE(503, Status.Code.UNAVAILABLE),
  /** All clients together send too much. */
  OVERLOADED(503, Status.Code.RESOURCE_EXHAUSTED),
  /** The answer was not ready before the deadline. */
  DEADLINE_EXCEEDED(504, Status.Code.DEADLINE_EXCEEDED),
  /** Stored data is damaged or lost. */
  DATA_LOSS(500, Status.Code.DATA_LOSS);

  private final int httpStatus;
  private final Status.Code grpcCode;

  ErrorKind(int httpStatus, Status.Code grpcCode) {
    this.httpStatus = httpStatus;
    this.grpcCode = grpcCode;
  }

  /** The HTTP status code, such as 404. */
  public int httpStatus() {
    return httpStatus;
  }

  /** The gRPC status code, such as {@code NOT_FOUND}. */
  public Status.Code grpcCode() {
    return grpcCode;
  }

  /** The kind that a bare gRPC status code stands for; OK has none. */
  static ErrorKind of(Status.Code code) {
    return switch (code) {
      case OK -> throw new IllegalArgumentException("OK is not an error");
      case CANCELLED -> CANCELLED;
      case INVALID_ARGUMENT, OUT_OF_RANGE -> INVALID_ARGUMENT;
      case DEADLINE_EXCEEDED -> DEADLINE_EXCEEDED;
      case NOT_FOUND -> NOT_FOUND;
      case ALREADY_EXISTS -> ALREADY_EXISTS;
      case PERMISSION_DENIED -> PERMISSION_DENIED;
      case RESOURCE_EXHAUSTED -> RATE_LIMITED;
      case FAILED_PRECONDITION -> FAILED_PRECONDITION;
      case ABORTED -> CONFLICT;
      case UNIMPLEMENTED -> UNIMPLEMENTED;
      case UNAVAILABLE -> UNAVAILABLE;
      case DATA_LOSS -> DATA_LOSS;
      case UNAUTHENTICATED -> UNAUTHENTICATED;
      case UNKNOWN, INTERNAL -> INTERNAL;
    };
  }
}
