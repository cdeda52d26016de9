package network.tachi.gateway;

import java.nio.charset.StandardCharsets;
import java.util.List;
import network.tachi.evm.Bytes;
import network.tachi.gateway.HttpFields.Field;

/** Answers of the gateway itself that are neither content nor a 402. */
final class Replies {
  private Replies() {}

  /**
   * A settlement that is not through: the same request again gets its response, without paying
   * twice.
   */
  static Reply pending(String paymentResponse) {
    return new Reply(
        503,
        new HttpFields(
            List.of(
                new Field("retry-after", "1"),
                new Field("cache-control", "no-store"),
                new Field("content-type", "application/problem+json"),
                new Field("payment-response", paymentResponse))),
        Bytes.wrap(
            ("{\"type\":\"about:blank\",\"title\":\"Settlement"
                 + " pending\",\"status\":503,\"code\":\"settlement_pending\",\"detail\":\"repeat"
                 + " the request with the same payment\"}")
                .getBytes(StandardCharsets.UTF_8)));
  }
}
