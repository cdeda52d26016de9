package network.tachi.evm;

import java.util.Optional;

/**
 * Signing, verification and recovery on secp256k1. Signatures are deterministic (RFC 6979 with
 * SHA-256, no extra data) and low-s, so all implementations give the same bytes. Implementations
 * are safe for use by many threads.
 */
public sealed interface Secp256k1 permits NativeSecp256k1, BouncyCastleSecp256k1 {
  /** The fastest implementation this machine can run, chosen once. */
  static Secp256k1 best() {
    return BestSecp256k1.INSTANCE;
  }

  /** The public key of a private key. */
  PublicKey publicKey(PrivateKey key);

  /** Signs a digest. */
  Signature sign(Hash digest, PrivateKey key);

  /** Whether the signature over the digest is by this key; the parity must fit as well. */
  boolean verify(Hash digest, Signature signature, PublicKey key);

  /** The key that gives this signature over the digest; empty if there is none. */
  Optional<PublicKey> recover(Hash digest, Signature signature);

  /** The address of the key that gives this signature over the digest; empty if there is none. */
  default Optional<Address> recoverAddress(Hash digest, Signature signature) {
    return recover(digest, signature).map(PublicKey::toAddress);
  }

  /** Whether the signature over the digest is by the key of this address. */
  default boolean verify(Hash digest, Signature signature, Address signer) {
    return recoverAddress(digest, signature).filter(signer::equals).isPresent();
  }

  /** The address of a private key. */
  default Address address(PrivateKey key) {
    return publicKey(key).toAddress();
  }
}
