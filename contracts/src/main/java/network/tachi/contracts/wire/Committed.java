package network.tachi.contracts.wire;

import network.tachi.evm.InvalidValueException;

/**
 * A header with the body it commits to (wire.md section 6).
 *
 * @param header the header
 * @param body the body
 */
public record Committed(EpochHeader header, EpochBody body) {
  /** Checks that the header's {@code bodyHash} is that of the body. */
  public Committed {
    if (!header.bodyHash().equals(body.structHash())) {
      throw new InvalidValueException(
          "body", "hash " + header.bodyHash(), body.structHash().toString());
    }
  }
}
