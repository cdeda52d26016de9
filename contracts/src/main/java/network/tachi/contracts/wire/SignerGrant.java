package network.tachi.contracts.wire;

import network.tachi.evm.Address;
import network.tachi.evm.Eip712;
import network.tachi.evm.Hash;
import network.tachi.evm.WordBuffer;

/**
 * Proof that a delegated signer's key is held, signed by that key (wire.md section 3).
 *
 * @param crawler for whom the signer will sign vouchers
 * @param signer the delegated signer
 * @param expiry seconds since 1970, all 64 bits unsigned
 */
public record SignerGrant(Address crawler, Address signer, long expiry) {
  /** The EIP-712 type hash. */
  public static final Hash TYPE_HASH =
      Eip712.typeHash("SignerGrant(address crawler,address signer,uint64 expiry)");

  /** The struct's hash, without domain. */
  public Hash structHash() {
    return WordBuffer.struct(TYPE_HASH, 3).address(crawler).address(signer).uint64(expiry).keccak();
  }

  /** What the signer signs. */
  public Hash digest(WireDomain.Credit domain) {
    return Eip712.digest(domain.separator(), structHash());
  }
}
