package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import network.tachi.evm.Bytes;

/**
 * What goes back to the client.
 *
 * @param status HTTP status
 * @param fields its header, without content-length
 * @param body empty if there is none
 */
record Reply(int status, HttpFields fields, Bytes body) {
  Reply {
    requireNonNull(fields, "fields is null");
    requireNonNull(body, "body is null");
  }

  /** This reply with one more header field, which replaces those of the same name. */
  Reply with(String name, String value) {
    return new Reply(status, fields.with(name, value), body);
  }

  /** This reply without its body: what HEAD and OPTIONS may say of content that costs. */
  Reply withoutBody() {
    return new Reply(status, fields, Bytes.EMPTY);
  }

  /** Whether it is an answer that is paid for: only content is. */
  boolean isChargeable() {
    return status >= 200 && status < 300;
  }
}
