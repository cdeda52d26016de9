package network.tachi.evm;

import java.nio.charset.StandardCharsets;

/** Digests of signed messages (EIP-191, version 0x45: {@code personal_sign}). */
public final class Eip191 {
  private static final String PREFIX = "\u0019Ethereum Signed Message:\n";

  private Eip191() {}

  /** The digest of a message of bytes. */
  public static Hash personalDigest(byte[] message) {
    return Keccak.hash((PREFIX + message.length).getBytes(StandardCharsets.US_ASCII), message);
  }

  /** The digest of a message of text, in UTF-8. */
  public static Hash personalDigest(String message) {
    return personalDigest(message.getBytes(StandardCharsets.UTF_8));
  }
}
