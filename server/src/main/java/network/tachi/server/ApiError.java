package network.tachi.server;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a client is told when a call fails; the same on REST (RFC 9457 problem+json) and gRPC
 * (status, trailers and google.rpc details). Holds nothing a client may not see.
 *
 * @param code the stable code
 * @param detail one sentence about this occurrence, for people
 * @param field the request field that is wrong, by its JSON name, if it is one
 * @param expected what the field should hold
 * @param found what it held
 * @param retryAfter when trying again makes sense
 */
public record ApiError(
    ErrorCode code,
    String detail,
    @Nullable String field,
    @Nullable String expected,
    @Nullable String found,
    @Nullable Duration retryAfter) {

  /** Checks that nothing required is missing. */
  public ApiError {
    requireNonNull(code, "code is null");
    requireNonNull(detail, "detail is null");
  }

  /** An error with a code and a sentence. */
  public static ApiError of(ErrorCode code, String detail) {
    return new ApiError(code, detail, null, null, null, null);
  }

  /** An error about one field of the request. */
  public static ApiError ofField(ErrorCode code, String field, String expected, String found) {
    String shown = found.length() <= 120 ? found : found.substring(0, 120) + "...";
    return new ApiError(
        code,
        field + ": expected " + expected + ", found " + (shown.isEmpty() ? "nothing" : shown),
        field,
        expected,
        shown,
        null);
  }

  /** The same error with a time after which to try again. */
  public ApiError withRetryAfter(Duration delay) {
    return new ApiError(code, detail, field, expected, found, delay);
  }
}
