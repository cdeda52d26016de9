package network.tachi.evm;

/** Signs with a key in memory. */
final class LocalSigner implements Signer {
  private final PrivateKey key;
  private final Secp256k1 curve;
  private final Address address;

  LocalSigner(PrivateKey key, Secp256k1 curve) {
    this.key = key;
    this.curve = curve;
    this.address = curve.address(key);
  }

  @Override
  public Address address() {
    return address;
  }

  @Override
  public Signature sign(Hash digest) {
    return curve.sign(digest, key);
  }

  @Override
  public String toString() {
    return "LocalSigner[" + address + "]";
  }
}
