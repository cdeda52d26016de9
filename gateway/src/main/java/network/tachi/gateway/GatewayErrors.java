package network.tachi.gateway;

import java.time.Duration;
import network.tachi.server.ApiError;
import network.tachi.server.ApiException;
import network.tachi.server.ErrorCode;
import network.tachi.server.ErrorKind;

/** The errors of the gateway that are not a 402. */
final class GatewayErrors {
  /** No licence resolves for the host. */
  static final ErrorCode UNKNOWN_HOST =
      new ErrorCode("unknown_host", ErrorKind.NOT_FOUND, "Unknown host");

  /** The host's licence is not active. */
  static final ErrorCode LICENSE_INACTIVE =
      new ErrorCode("license_inactive", ErrorKind.UNAVAILABLE, "Licence not active");

  /** The host's licence has no policy yet. */
  static final ErrorCode NO_POLICY =
      new ErrorCode("no_policy", ErrorKind.UNAVAILABLE, "No policy published");

  /** The publisher lets no crawler read this. */
  static final ErrorCode RESTRICTED =
      new ErrorCode("restricted", ErrorKind.PERMISSION_DENIED, "Restricted by the publisher");

  /** More than one payment came with one request. */
  static final ErrorCode CONFLICTING_PAYMENTS =
      new ErrorCode("conflicting_payments", ErrorKind.INVALID_ARGUMENT, "More than one payment");

  /** A payment-identifier was used before for something else. */
  static final ErrorCode IDENTIFIER_REUSED =
      new ErrorCode(
          "payment_identifier_reused", ErrorKind.ALREADY_EXISTS, "Payment identifier used before");

  /** A paid request was answered, but the stored response is past its time. */
  static final ErrorCode RESPONSE_GONE =
      new ErrorCode("response_gone", ErrorKind.FAILED_PRECONDITION, "Response forgotten");

  /** The origin did not answer properly. */
  static final ErrorCode ORIGIN_FAILED =
      new ErrorCode("origin_failed", ErrorKind.BAD_GATEWAY, "Origin failed");

  /** The origin did not answer in time. */
  static final ErrorCode ORIGIN_TIMEOUT =
      new ErrorCode("origin_timeout", ErrorKind.DEADLINE_EXCEEDED, "Origin too slow");

  private static final Duration SOON = Duration.ofSeconds(1);

  private GatewayErrors() {}

  /** Nothing was charged; the same request may work in a second. */
  static ApiException tryAgain(String detail) {
    return ApiException.unavailable(detail, SOON);
  }

  /** As {@link #tryAgain}, with a cause for the log. */
  static ApiException tryAgain(String detail, Throwable cause) {
    return ApiException.of(ApiError.of(ErrorCode.UNAVAILABLE, detail).withRetryAfter(SOON), cause);
  }
}
