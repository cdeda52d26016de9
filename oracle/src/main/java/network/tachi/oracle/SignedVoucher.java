package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import network.tachi.contracts.wire.CrawlVoucher;
import network.tachi.contracts.wire.WireDomain;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.Secp256k1;
import network.tachi.evm.Signature;

/**
 * A voucher and who signed it; whether that account may sign is another question.
 *
 * @param voucher the ceiling the crawler agreed to
 * @param signature over it
 * @param hash its EIP-712 digest, which leaves name
 * @param signer the account whose signature it is
 */
record SignedVoucher(CrawlVoucher voucher, Signature signature, Hash hash, Address signer) {
  SignedVoucher {
    requireNonNull(voucher, "voucher is null");
    requireNonNull(signature, "signature is null");
    requireNonNull(hash, "hash is null");
    requireNonNull(signer, "signer is null");
  }

  /** The voucher with its signer recovered; empty if the signature is nobody's. */
  static Optional<SignedVoucher> of(
      CrawlVoucher voucher, Signature signature, WireDomain.Credit domain, Secp256k1 curve) {
    Hash hash = voucher.digest(domain);
    return curve
        .recoverAddress(hash, signature)
        .map(signer -> new SignedVoucher(voucher, signature, hash, signer));
  }
}
