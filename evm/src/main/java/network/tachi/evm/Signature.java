package network.tachi.evm;

import java.util.Arrays;

/**
 * A recoverable secp256k1 signature in canonical form: r and s within 1 to n-1, s in the lower half
 * (EIP-2). As no other value can be built, two different signatures by one key over one digest come
 * only from the key itself, never from a third party's malleation.
 *
 * @param r the x coordinate of the nonce point, modulo n
 * @param s the proof scalar, at most n/2
 * @param yParity 0 or 1: whether the nonce point's y is odd
 */
public record Signature(Hash r, Hash s, int yParity) {
  /** Bytes of the form r, s, v. */
  public static final int SIZE = 65;

  /** Bytes of the form of EIP-2098: r, then s with the parity in its highest bit. */
  public static final int COMPACT_SIZE = 64;

  static final Hash ORDER =
      Hash.parse("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
  static final Hash HALF_ORDER =
      Hash.parse("0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");

  private static final int V_OFFSET = 27;

  /**
   * Checks the canonical form.
   *
   * @throws InvalidSignatureException if it is violated
   */
  public Signature {
    if (r.isZero() || r.compareTo(ORDER) >= 0) {
      throw new InvalidSignatureException("r is not within 1 to n-1");
    }
    if (s.isZero() || s.compareTo(HALF_ORDER) > 0) {
      throw new InvalidSignatureException("s is not within 1 to n/2");
    }
    if ((yParity & ~1) != 0) {
      throw new InvalidSignatureException("parity is " + yParity + ", not 0 or 1");
    }
  }

  /**
   * Reads the 65 bytes r, s, v, with v of 27 or 28.
   *
   * @throws InvalidSignatureException if length, v or the scalars are wrong
   */
  public static Signature fromBytes(byte[] bytes) {
    if (bytes.length != SIZE) {
      throw new InvalidSignatureException(bytes.length + " bytes, not " + SIZE);
    }
    int v = bytes[64] & 255;
    if (v != V_OFFSET && v != V_OFFSET + 1) {
      throw new InvalidSignatureException("v is " + v + ", not 27 or 28");
    }
    return new Signature(Hash.read(bytes, 0), Hash.read(bytes, 32), v - V_OFFSET);
  }

  /**
   * Reads the 64 bytes of EIP-2098.
   *
   * @throws InvalidSignatureException if length or the scalars are wrong
   */
  public static Signature fromCompact(byte[] bytes) {
    if (bytes.length != COMPACT_SIZE) {
      throw new InvalidSignatureException(bytes.length + " bytes, not " + COMPACT_SIZE);
    }
    byte[] s = Arrays.copyOfRange(bytes, 32, 64);
    int parity = (s[0] & 0x80) >>> 7;
    s[0] &= 0x7f;
    return new Signature(Hash.read(bytes, 0), Hash.of(s), parity);
  }

  /**
   * Reads {@code 0x} hex of 65 bytes (r, s, v) or 64 bytes (EIP-2098).
   *
   * @throws InvalidValueException if the text is not hex
   * @throws InvalidSignatureException if it is not a canonical signature
   */
  public static Signature parse(CharSequence text) {
    byte[] bytes = Hex.decode("signature", text);
    return bytes.length == COMPACT_SIZE ? fromCompact(bytes) : fromBytes(bytes);
  }

  /** The recovery byte of the 65-byte form: 27 or 28. */
  public int v() {
    return V_OFFSET + yParity;
  }

  /** The 65 bytes r, s, v. */
  public byte[] toBytes() {
    byte[] bytes = new byte[SIZE];
    r.writeTo(bytes, 0);
    s.writeTo(bytes, 32);
    bytes[64] = (byte) v();
    return bytes;
  }

  /** The 64 bytes of EIP-2098. */
  public byte[] toCompact() {
    byte[] bytes = new byte[COMPACT_SIZE];
    r.writeTo(bytes, 0);
    s.writeTo(bytes, 32);
    bytes[32] |= (byte) (yParity << 7);
    return bytes;
  }

  /** The 65-byte form in hex. */
  @Override
  public String toString() {
    return Hex.encode(toBytes());
  }
}
