package network.tachi.evm;

import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.digests.KeccakDigest;

/**
 * Keccak-256, the hash of Ethereum (the padding is that of the SHA-3 submission, not of FIPS 202).
 */
public final class Keccak {
  private static final int BITS = 256;

  /** One digest a thread: making one costs more than hashing a few words. */
  private static final ThreadLocal<KeccakDigest> DIGEST =
      ThreadLocal.withInitial(() -> new KeccakDigest(BITS));

  private Keccak() {}

  /** The hash of the parts, one after the other. */
  public static Hash hash(byte[]... parts) {
    KeccakDigest digest = DIGEST.get();
    for (byte[] part : parts) {
      digest.update(part, 0, part.length);
    }
    return Hash.read(finish(digest), 0);
  }

  /** The hash of a part of an array. */
  public static Hash hash(byte[] bytes, int offset, int length) {
    return Hash.read(hashToBytes(bytes, offset, length), 0);
  }

  /** The hash of a text's UTF-8 bytes. */
  public static Hash hash(String text) {
    return hash(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The hash of a part of an array, as 32 fresh bytes. */
  public static byte[] hashToBytes(byte[] bytes, int offset, int length) {
    KeccakDigest digest = DIGEST.get();
    digest.update(bytes, offset, length);
    return finish(digest);
  }

  private static byte[] finish(KeccakDigest digest) {
    byte[] out = new byte[Hash.SIZE];
    int written = digest.doFinal(out, 0);
    assert written == Hash.SIZE;
    return out;
  }
}
