package network.tachi.gateway;

import java.util.Optional;
import network.tachi.contracts.wire.CrawlVoucher;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.Eip3009.Authorization;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.Signature;

/** A payment that came with a request: well-formed, but not yet checked against anything. */
sealed interface Credential {
  /** Who pays. */
  Address payer();

  /** The {@code payment-identifier} the client gave, if it did. */
  Optional<String> identifier();

  /** Equal for the same payment, whatever its JSON looked like. */
  Hash payloadHash();

  /** The network it names. */
  ChainId network();

  /**
   * x402 {@code exact}: an EIP-3009 authorisation.
   *
   * @param version of x402 that the client speaks: 1 or 2
   * @param signature 65 bytes, or whatever a contract account takes
   */
  record Exact(
      int version,
      ChainId network,
      Authorization authorization,
      Bytes signature,
      Optional<String> identifier)
      implements Credential {
    @Override
    public Address payer() {
      return authorization.from();
    }

    @Override
    public Hash payloadHash() {
      return Keccak.hash(authorization.transferStructHash().toBytes(), signature.toArray());
    }
  }

  /** {@code tachi-credit}: a voucher (wire.md sections 3 and 8). */
  record Voucher(
      ChainId network, CrawlVoucher voucher, Signature signature, Optional<String> identifier)
      implements Credential {
    @Override
    public Address payer() {
      return voucher.crawler();
    }

    @Override
    public Hash payloadHash() {
      return Keccak.hash(voucher.structHash().toBytes(), signature.toBytes());
    }
  }

  /** A payment of a scheme that nobody takes here. */
  record Unsupported(ChainId network, String scheme) implements Credential {
    @Override
    public Address payer() {
      return Address.ZERO;
    }

    @Override
    public Optional<String> identifier() {
      return Optional.empty();
    }

    @Override
    public Hash payloadHash() {
      return Hash.ZERO;
    }
  }
}
