package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import network.tachi.contracts.wire.CrawlVoucher;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.Signature;

/**
 * A voucher whose signature was found good.
 *
 * @param hash its EIP-712 digest
 * @param signer the crawler, or a live signer of it
 */
record CheckedVoucher(CrawlVoucher voucher, Hash hash, Signature signature, Address signer) {
  CheckedVoucher {
    requireNonNull(voucher, "voucher is null");
    requireNonNull(hash, "hash is null");
    requireNonNull(signature, "signature is null");
    requireNonNull(signer, "signer is null");
  }
}
