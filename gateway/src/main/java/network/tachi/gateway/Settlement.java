package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import network.tachi.contracts.wire.WireDomain;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.Eip712;
import network.tachi.evm.Hash;

/**
 * The settlement chain, as far as payments need it.
 *
 * @param chain its id
 * @param usdc the USDC contract
 * @param usdcName of USDC's EIP-712 domain
 * @param usdcVersion of USDC's EIP-712 domain
 * @param paymentProcessor settles authorisations
 * @param creditEscrow whose domain vouchers are signed in
 * @param meteringLedger whose domain attestations are signed in
 */
public record Settlement(
    ChainId chain,
    Address usdc,
    String usdcName,
    String usdcVersion,
    Address paymentProcessor,
    Address creditEscrow,
    Address meteringLedger) {
  /** Checks that nothing is missing. */
  public Settlement {
    requireNonNull(chain, "chain is null");
    requireNonNull(usdc, "usdc is null");
    requireNonNull(usdcName, "usdcName is null");
    requireNonNull(usdcVersion, "usdcVersion is null");
    requireNonNull(paymentProcessor, "paymentProcessor is null");
    requireNonNull(creditEscrow, "creditEscrow is null");
    requireNonNull(meteringLedger, "meteringLedger is null");
  }

  /** The domain that authorisations are signed in. */
  Hash usdcDomain() {
    return Eip712.domainSeparator(usdcName, usdcVersion, chain, usdc);
  }

  /** The domain that vouchers are signed in. */
  WireDomain.Credit creditDomain() {
    return WireDomain.credit(chain, creditEscrow);
  }

  /** The domain that attestations are signed in. */
  WireDomain.Metering meteringDomain() {
    return WireDomain.metering(chain, meteringLedger);
  }
}
