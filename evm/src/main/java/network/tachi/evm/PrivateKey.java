package network.tachi.evm;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * A secp256k1 private key. It never prints itself, has no value equality, and can be destroyed,
 * after which every use throws. Safe for use by many threads; a use that races with {@link
 * #destroy} may still succeed.
 */
public final class PrivateKey implements AutoCloseable {
  /** The number of bytes. */
  public static final int SIZE = 32;

  private final byte[] secret;
  private volatile boolean destroyed;

  private PrivateKey(byte[] secret) {
    this.secret = secret;
  }

  /**
   * Copies 32 bytes that hold a scalar within 1 to n-1.
   *
   * @throws InvalidKeyException if they do not
   */
  public static PrivateKey of(byte[] bytes) {
    if (bytes.length != SIZE) {
      throw new InvalidKeyException("private key: expected 32 bytes, found " + bytes.length);
    }
    if (!isScalar(bytes)) {
      throw new InvalidKeyException("private key: not within 1 to n-1");
    }
    return new PrivateKey(bytes.clone());
  }

  /**
   * Reads {@code 0x} and 64 hex digits. The exception does not repeat the text.
   *
   * @throws InvalidKeyException if the text has another form or is no scalar within 1 to n-1
   */
  public static PrivateKey parse(CharSequence text) {
    byte[] bytes;
    try {
      bytes = Hex.decode("private key", text, SIZE);
    } catch (InvalidValueException _) {
      throw new InvalidKeyException("private key: expected 0x and 64 hex digits");
    }
    try {
      return of(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** Draws a new key from the given source. */
  public static PrivateKey random(SecureRandom random) {
    byte[] bytes = new byte[SIZE];
    do {
      random.nextBytes(bytes);
    } while (!isScalar(bytes));
    return new PrivateKey(bytes);
  }

  /**
   * A copy of the 32 bytes, which the caller should overwrite after use.
   *
   * @throws InvalidKeyException if the key was destroyed
   */
  public byte[] toBytes() {
    return secret().clone();
  }

  /** The secret itself, for signers of this package; they must not write or keep it. */
  byte[] secret() {
    if (destroyed) {
      throw new InvalidKeyException("private key: used after it was destroyed");
    }
    return secret;
  }

  /** The secret as a number, for signers of this package. */
  BigInteger scalar() {
    return new BigInteger(1, secret());
  }

  /** Overwrites the key; every later use throws. */
  public void destroy() {
    destroyed = true;
    Arrays.fill(secret, (byte) 0);
  }

  /** Same as {@link #destroy}. */
  @Override
  public void close() {
    destroy();
  }

  /** Says only that this is a private key. */
  @Override
  public String toString() {
    return "PrivateKey[hidden]";
  }

  private static boolean isScalar(byte[] bytes) {
    Hash value = Hash.read(bytes, 0);
    return !value.isZero() && value.compareTo(Signature.ORDER) < 0;
  }
}
