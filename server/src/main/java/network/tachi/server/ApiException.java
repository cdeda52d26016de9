package network.tachi.server;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Thrown by a service to fail a call with an {@link ApiError}; both protocols know what to do. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ApiError error;

  private ApiException(ApiError error, @Nullable Throwable cause) {
    super(error.code().value() + ": " + error.detail(), cause);
    this.error = error;
  }

  /** Fails a call with {@code error}. */
  public static ApiException of(ApiError error) {
    return new ApiException(error, null);
  }

  /** Fails a call with {@code error}; the cause is logged, never sent. */
  public static ApiException of(ApiError error, Throwable cause) {
    return new ApiException(error, cause);
  }

  /** Fails a call with a code and a sentence. */
  public static ApiException of(ErrorCode code, String detail) {
    return new ApiException(ApiError.of(code, detail), null);
  }

  /** Fails a call with a code and a sentence; the cause is logged, never sent. */
  public static ApiException of(ErrorCode code, String detail, Throwable cause) {
    return new ApiException(ApiError.of(code, detail), cause);
  }

  /** A request field is wrong: says which, what was expected and what was found. */
  public static ApiException invalid(String field, String expected, String found) {
    return new ApiException(
        ApiError.ofField(ErrorCode.INVALID_ARGUMENT, field, expected, found), null);
  }

  /** There is no such thing; {@code what} reads like {@code licence 7 on chain 84532}. */
  public static ApiException notFound(String what) {
    return of(ErrorCode.NOT_FOUND, what + " does not exist");
  }

  /** Not now; try again after {@code delay}. */
  public static ApiException unavailable(String detail, Duration delay) {
    return of(ApiError.of(ErrorCode.UNAVAILABLE, detail).withRetryAfter(delay));
  }

  /** What the client is told. */
  public ApiError error() {
    return error;
  }
}
