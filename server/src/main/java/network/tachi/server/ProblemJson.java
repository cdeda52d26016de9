package network.tachi.server;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Renders an {@link ApiError} as {@code application/problem+json} (RFC 9457). */
public final class ProblemJson {
  /** The media type. */
  public static final String MEDIA_TYPE = "application/problem+json";

  private static final String TYPE_PREFIX = "urn:tachi:error:";

  private ProblemJson() {}

  /**
   * The document as UTF-8 bytes.
   *
   * @param requestId goes out as {@code instance} and {@code request_id}
   */
  public static byte[] render(ApiError error, String requestId) {
    StringBuilder out = new StringBuilder(256);
    out.append("{\"type\":");
    Json.quote(out, TYPE_PREFIX + error.code().value());
    member(out, "title", error.code().title());
    out.append(",\"status\":").append(error.code().kind().httpStatus());
    member(out, "detail", error.detail());
    member(out, "instance", "urn:tachi:request:" + requestId);
    member(out, "code", error.code().value());
    member(out, "field", error.field());
    member(out, "expected", error.expected());
    member(out, "found", error.found());
    Duration retryAfter = error.retryAfter();
    if (retryAfter != null) {
      out.append(",\"retry_after_ms\":").append(Math.max(1, retryAfter.toMillis()));
    }
    member(out, "request_id", requestId);
    return out.append('}').toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The value of a {@code Retry-After} header: whole seconds, rounded up, at least 1. */
  static String retryAfterSeconds(Duration delay) {
    return Long.toString(Math.max(1, delay.plusMillis(999).toSeconds()));
  }

  private static void member(StringBuilder out, String name, @Nullable String value) {
    if (value != null) {
      Json.quote(out.append(','), name).append(':');
      Json.quote(out, value);
    }
  }
}
