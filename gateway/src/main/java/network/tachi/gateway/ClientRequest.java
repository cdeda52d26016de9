package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;

/**
 * A request as a client sent it.
 *
 * @param method upper case
 * @param target what is asked for
 * @param fields its header
 * @param body empty if there is none
 * @param client the peer's IP address
 */
record ClientRequest(String method, Target target, HttpFields fields, Bytes body, String client) {
  ClientRequest {
    requireNonNull(method, "method is null");
    requireNonNull(target, "target is null");
    requireNonNull(fields, "fields is null");
    requireNonNull(body, "body is null");
    requireNonNull(client, "client is null");
  }

  /** Whether only the header of the answer is wanted. */
  boolean isHead() {
    return method.equals("HEAD");
  }

  /** Names what is asked for: equal for the same method, URL, range and body. */
  Hash fingerprint() {
    String line =
        method
            + ' '
            + target.domain()
            + target.pathAndQuery()
            + ' '
            + fields.first("range").orElse("");
    return Keccak.hash(
        Keccak.hash(line.getBytes(StandardCharsets.UTF_8)).toBytes(), body.keccak().toBytes());
  }
}
