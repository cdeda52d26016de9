package network.tachi.evm;

/** Something that signs digests for one account: a key in memory, or a service that holds one. */
public interface Signer {
  /** A signer over a key in memory. */
  static Signer of(PrivateKey key) {
    return new LocalSigner(key, Secp256k1.best());
  }

  /** A signer over a key in memory and a given implementation of the curve. */
  static Signer of(PrivateKey key, Secp256k1 curve) {
    return new LocalSigner(key, curve);
  }

  /** The account. */
  Address address();

  /** Signs a digest. */
  Signature sign(Hash digest);
}
