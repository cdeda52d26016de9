package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.function.Function;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.AbiEvent;
import network.tachi.evm.AbiReader;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.Log;
import network.tachi.evm.rpc.Receipt;
import network.tachi.evm.rpc.RpcException;
import network.tachi.oracle.IntakeFacts.KnownPayment;

/**
 * Looks for a direct payment in the receipt of its transaction. It finds what the indexer has not
 * reached yet, and what it never sees: authorisations that another facilitator settled, to the
 * licence's vault, without our contract.
 */
final class PaymentEvidence {
  private static final Logger LOG = System.getLogger(PaymentEvidence.class.getName());
  private static final AbiEvent AUTHORIZATION_USED =
      AbiEvent.of("AuthorizationUsed(address,bytes32)", 2);
  private static final AbiEvent TRANSFER = AbiEvent.of("Transfer(address,address,uint256)", 2);
  private static final AbiEvent PAYMENT_MADE =
      AbiEvent.of("PaymentMade(bytes32,uint256,address,uint256,bytes32,uint8,uint64)", 3);

  private final EthRpc rpc;
  private final Address usdc;
  private final Address paymentProcessor;
  private final Function<LicenseId, Address> vaults;

  /**
   * Looks on one chain.
   *
   * @param vaults gives a licence's vault on it, deployed or not
   */
  PaymentEvidence(
      EthRpc rpc, Address usdc, Address paymentProcessor, Function<LicenseId, Address> vaults) {
    this.rpc = requireNonNull(rpc, "rpc is null");
    this.usdc = requireNonNull(usdc, "usdc is null");
    this.paymentProcessor = requireNonNull(paymentProcessor, "paymentProcessor is null");
    this.vaults = requireNonNull(vaults, "vaults is null");
  }

  /**
   * The payment a request names, if its transaction succeeded and holds it; empty too if the node
   * can't be asked.
   */
  Optional<KnownPayment> find(DirectRequest request) {
    try {
      return rpc.transactionReceipt(request.transaction())
          .filter(Receipt::success)
          .flatMap(receipt -> find(request, receipt));
    } catch (RpcException e) {
      LOG.log(Level.WARNING, "no receipt of {0}: {1}", request.transaction(), e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<KnownPayment> find(DirectRequest request, Receipt receipt) {
    for (int i = 0; i < receipt.logs().size(); i++) {
      Log log = receipt.logs().get(i);
      Optional<KnownPayment> found = Optional.empty();
      if (log.address().equals(paymentProcessor) && PAYMENT_MADE.matches(log.topics())) {
        found = attributed(request, log);
      } else if (log.address().equals(usdc)
          && AUTHORIZATION_USED.matches(log.topics())
          && i + 1 < receipt.logs().size()) {
        found = external(request, log, receipt.logs().get(i + 1));
      }
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<KnownPayment> attributed(DirectRequest request, Log log) {
    AbiReader topics = PAYMENT_MADE.readTopics(log.topics());
    return topics.word(0).equals(request.paymentId())
        ? Optional.of(
            new KnownPayment(topics.license(1), topics.address(2), log.dataReader().amount(0)))
        : Optional.empty();
  }

  /**
   * USDC transfers in the same breath as it marks an authorisation used, so the two logs stand side
   * by side.
   */
  private Optional<KnownPayment> external(DirectRequest request, Log used, Log next) {
    AbiReader authorization = AUTHORIZATION_USED.readTopics(used.topics());
    Address from = authorization.address(0);
    Hash id = WireIds.paymentId(request.chain(), usdc, from, authorization.word(1));
    if (!id.equals(request.paymentId())
        || !next.address().equals(usdc)
        || !TRANSFER.matches(next.topics())) {
      return Optional.empty();
    }
    AbiReader transfer = TRANSFER.readTopics(next.topics());
    LicenseId licenseId = request.service().licenseId();
    boolean toVault =
        transfer.address(0).equals(from) && transfer.address(1).equals(vaults.apply(licenseId));
    UsdcAmount value = next.dataReader().amount(0);
    return toVault ? Optional.of(new KnownPayment(licenseId, from, value)) : Optional.empty();
  }
}
