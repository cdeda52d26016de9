package network.tachi.evm;

import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.generators.SCrypt;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * How a key file makes a key of 32 bytes from a password. The parameters are bounded, as a file may
 * come from anyone.
 */
public sealed interface KeystoreKdf {
  /** The length of the derived key. */
  int KEY_SIZE = 32;

  /** What geth writes: about a second and 256 MiB. */
  static KeystoreKdf standard() {
    return new Scrypt(1 << 18, 8, 1);
  }

  /** What geth calls light: milliseconds, for throw-away keys only. */
  static KeystoreKdf light() {
    return new Scrypt(1 << 12, 8, 6);
  }

  /**
   * The scrypt function (RFC 7914).
   *
   * @param n cost, a power of 2 up to 2^20
   * @param r block size, 1 to 16
   * @param p parallelisation, 1 to 16
   */
  record Scrypt(int n, int r, int p) implements KeystoreKdf {
    /** Checks the bounds. */
    public Scrypt {
      if (n < 2 || n > 1 << 20 || Integer.bitCount(n) != 1 || r < 1 || r > 16 || p < 1 || p > 16) {
        throw new KeystoreException(
            "scrypt parameters out of bounds: n " + n + ", r " + r + ", p " + p);
      }
      if (r == 1 && n >= 1 << 16) {
        throw new KeystoreException("scrypt with r 1 needs n below 65536 (RFC 7914), found " + n);
      }
    }
  }

  /**
   * PBKDF2 with HMAC-SHA-256 (RFC 8018).
   *
   * @param iterations 1 to 10 million
   */
  record Pbkdf2(int iterations) implements KeystoreKdf {
    /** Checks the bounds. */
    public Pbkdf2 {
      if (iterations < 1 || iterations > 10_000_000) {
        throw new KeystoreException("PBKDF2 iterations out of bounds: " + iterations);
      }
    }
  }

  /** Derives the key. */
  default byte[] derive(byte[] password, byte[] salt) {
    return switch (this) {
      case Scrypt scrypt ->
          SCrypt.generate(password, salt, scrypt.n(), scrypt.r(), scrypt.p(), KEY_SIZE);
      case Pbkdf2 pbkdf2 -> {
        PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(new SHA256Digest());
        generator.init(password, salt, pbkdf2.iterations());
        yield ((KeyParameter) generator.generateDerivedMacParameters(KEY_SIZE * 8)).getKey();
      }
    };
  }
}
