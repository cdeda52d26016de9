package network.tachi.contracts.wire;

import java.util.Map;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.InvalidSignatureException;
import network.tachi.evm.InvalidValueException;
import network.tachi.evm.Secp256k1;
import network.tachi.evm.Signature;

/**
 * The signatures of a quorum under a header (wire.md section 3).
 *
 * @param bitmap bit i stands for signer i of the configuration
 * @param signatures the 64-byte forms (EIP-2098) in ascending signer index, one for each bit
 */
public record QuorumSignature(int bitmap, Bytes signatures) {
  /** Checks that there are as many signatures as bits. */
  public QuorumSignature {
    int expected = Integer.bitCount(bitmap) * Signature.COMPACT_SIZE;
    if (signatures.size() != expected) {
      throw new InvalidValueException(
          "signatures", expected + " bytes", signatures.size() + " bytes");
    }
  }

  /**
   * Puts together the signatures of a configuration's signers; those of others are left out.
   *
   * @throws InvalidValueException if there are fewer than the threshold
   */
  public static QuorumSignature of(SignerConfig config, Map<Address, Signature> bySigner) {
    int bitmap = 0;
    byte[] joined = new byte[config.signers().size() * Signature.COMPACT_SIZE];
    int at = 0;
    for (int i = 0; i < config.signers().size(); i++) {
      Signature signature = bySigner.get(config.signers().get(i));
      if (signature != null) {
        bitmap |= 1 << i;
        System.arraycopy(signature.toCompact(), 0, joined, at, Signature.COMPACT_SIZE);
        at += Signature.COMPACT_SIZE;
      }
    }
    if (Integer.bitCount(bitmap) < config.threshold()) {
      throw new InvalidValueException(
          "signatures",
          "at least " + config.threshold(),
          Integer.toString(Integer.bitCount(bitmap)));
    }
    return new QuorumSignature(bitmap, Bytes.wrap(joined).slice(0, at));
  }

  /**
   * Whether at least the threshold of the configuration's signers signed the digest, and nobody
   * else.
   */
  public boolean verify(SignerConfig config, Hash digest, Secp256k1 curve) {
    boolean beyond =
        config.signers().size() < SignerConfig.MAX_SIGNERS
            && bitmap >>> config.signers().size() != 0;
    if (beyond || Integer.bitCount(bitmap) < config.threshold()) {
      return false;
    }
    int at = 0;
    for (int i = 0; i < config.signers().size(); i++) {
      if ((bitmap >>> i & 1) != 0) {
        if (!verifyOne(config.signers().get(i), digest, at, curve)) {
          return false;
        }
        at += Signature.COMPACT_SIZE;
      }
    }
    return true;
  }

  private boolean verifyOne(Address signer, Hash digest, int at, Secp256k1 curve) {
    try {
      byte[] compact = signatures.slice(at, at + Signature.COMPACT_SIZE).toArray();
      return curve.verify(digest, Signature.fromCompact(compact), signer);
    } catch (InvalidSignatureException _) {
      return false;
    }
  }
}
