package network.tachi.evm;

import java.util.Arrays;
import org.bouncycastle.math.ec.ECPoint;

/** A point of secp256k1 other than infinity. */
public final class PublicKey {
  /** Bytes of the plain form: x, y. */
  public static final int SIZE = 64;

  private final Hash x;
  private final Hash y;

  private PublicKey(Hash x, Hash y) {
    this.x = x;
    this.y = y;
  }

  /**
   * Reads 64 bytes (x, y), 65 bytes (4, x, y) or 33 bytes (2 or 3, x).
   *
   * @throws InvalidKeyException if the form is another or the point is not on the curve
   */
  public static PublicKey of(byte[] bytes) {
    byte[] encoded = bytes;
    if (bytes.length == SIZE) {
      encoded = new byte[SIZE + 1];
      encoded[0] = 4;
      System.arraycopy(bytes, 0, encoded, 1, SIZE);
    }
    boolean full = encoded.length == SIZE + 1 && encoded[0] == 4;
    boolean compressed = encoded.length == 33 && (encoded[0] == 2 || encoded[0] == 3);
    if (!full && !compressed) {
      throw new InvalidKeyException(
          "public key: expected 64, 65 or 33 bytes, found " + bytes.length);
    }
    try {
      return of(BouncyCastleSecp256k1.CURVE.decodePoint(encoded));
    } catch (IllegalArgumentException _) {
      throw new InvalidKeyException("public key: not a point of the curve");
    }
  }

  /** The key of a point that is known to be on the curve. */
  static PublicKey of(ECPoint point) {
    ECPoint affine = point.normalize();
    return new PublicKey(
        Hash.of(affine.getAffineXCoord().getEncoded()),
        Hash.of(affine.getAffineYCoord().getEncoded()));
  }

  /** The key of 64 bytes at an offset that are known to be a point of the curve. */
  static PublicKey trusted(byte[] bytes, int offset) {
    return new PublicKey(Hash.read(bytes, offset), Hash.read(bytes, offset + 32));
  }

  /** The 64 bytes x, y. */
  public byte[] toBytes() {
    byte[] bytes = new byte[SIZE];
    x.writeTo(bytes, 0);
    y.writeTo(bytes, 32);
    return bytes;
  }

  /** The 65 bytes 4, x, y. */
  public byte[] toUncompressed() {
    byte[] bytes = new byte[SIZE + 1];
    bytes[0] = 4;
    x.writeTo(bytes, 1);
    y.writeTo(bytes, 33);
    return bytes;
  }

  /** The 33 bytes: 2 or 3 by the parity of y, then x. */
  public byte[] toCompressed() {
    byte[] bytes = new byte[33];
    bytes[0] = (byte) (2 | (y.toBytes()[31] & 1));
    x.writeTo(bytes, 1);
    return bytes;
  }

  /** The account's address: the last 20 bytes of the hash of x, y. */
  public Address toAddress() {
    byte[] hash = Keccak.hashToBytes(toBytes(), 0, SIZE);
    return Address.of(Arrays.copyOfRange(hash, 12, 32));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PublicKey key && x.equals(key.x) && y.equals(key.y);
  }

  @Override
  public int hashCode() {
    return x.hashCode();
  }

  /** The 64 bytes in hex. */
  @Override
  public String toString() {
    return Hex.encode(toBytes());
  }
}
