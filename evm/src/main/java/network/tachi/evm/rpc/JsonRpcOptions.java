package network.tachi.evm.rpc;

import java.time.Duration;
import java.util.Map;
import network.tachi.evm.InvalidValueException;

/**
 * Limits of a client.
 *
 * @param connectTimeout for making a connection
 * @param requestTimeout from asking to the last byte of the answer, waiting for a free place
 *     included
 * @param maxResponseBytes length of an answer
 * @param maxConcurrentRequests requests under way at a time; more wait
 * @param headers sent with each request, such as an authorisation; never logged
 */
public record JsonRpcOptions(
    Duration connectTimeout,
    Duration requestTimeout,
    int maxResponseBytes,
    int maxConcurrentRequests,
    Map<String, String> headers) {
  private static final int MEGABYTE = 1 << 20;

  /** 5 s to connect, 30 s for a request, 256 MiB, 32 requests at a time. */
  public static final JsonRpcOptions DEFAULTS =
      new JsonRpcOptions(
          Duration.ofSeconds(5), Duration.ofSeconds(30), 256 * MEGABYTE, 32, Map.of());

  /** Checks the limits and copies the headers. */
  public JsonRpcOptions {
    requirePositive("connect timeout", connectTimeout);
    requirePositive("request timeout", requestTimeout);
    requirePositive("max response bytes", maxResponseBytes);
    requirePositive("max concurrent requests", maxConcurrentRequests);
    headers = Map.copyOf(headers);
  }

  /** These options with another time for a request. */
  public JsonRpcOptions withRequestTimeout(Duration timeout) {
    return new JsonRpcOptions(
        connectTimeout, timeout, maxResponseBytes, maxConcurrentRequests, headers);
  }

  /** These options with another limit of an answer's length. */
  public JsonRpcOptions withMaxResponseBytes(int bytes) {
    return new JsonRpcOptions(
        connectTimeout, requestTimeout, bytes, maxConcurrentRequests, headers);
  }

  /** These options with another limit of requests at a time. */
  public JsonRpcOptions withMaxConcurrentRequests(int requests) {
    return new JsonRpcOptions(connectTimeout, requestTimeout, maxResponseBytes, requests, headers);
  }

  /** These options with other headers. */
  public JsonRpcOptions withHeaders(Map<String, String> others) {
    return new JsonRpcOptions(
        connectTimeout, requestTimeout, maxResponseBytes, maxConcurrentRequests, others);
  }

  /** The limits, without the headers' values. */
  @Override
  public String toString() {
    return "JsonRpcOptions[connectTimeout="
        + connectTimeout
        + ", requestTimeout="
        + requestTimeout
        + ", maxResponseBytes="
        + maxResponseBytes
        + ", maxConcurrentRequests="
        + maxConcurrentRequests
        + ", headers="
        + headers.keySet()
        + "]";
  }

  private static void requirePositive(String field, Duration value) {
    if (!value.isPositive()) {
      throw new InvalidValueException(field, "more than 0", value.toString());
    }
  }

  private static void requirePositive(String field, int value) {
    if (value <= 0) {
      throw new InvalidValueException(field, "more than 0", Integer.toString(value));
    }
  }
}
