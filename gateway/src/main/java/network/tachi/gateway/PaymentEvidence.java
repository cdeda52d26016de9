package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import network.tachi.evm.AbiReader;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.rpc.BlockRef;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.Log;
import network.tachi.evm.rpc.LogFilter;
import network.tachi.evm.rpc.Receipt;

/** Finds the transaction that used an authorisation, and whether it paid the vault. */
final class PaymentEvidence {
  private static final long BLOCKS_BACK = 2_000;

  private final EthRpc rpc;
  private final Settlement settlement;

  PaymentEvidence(EthRpc rpc, Settlement settlement) {
    this.rpc = requireNonNull(rpc, "rpc is null");
    this.settlement = requireNonNull(settlement, "settlement is null");
  }

  /**
   * A settlement that stands on chain.
   *
   * @param external not through our contract, so without a right of dispute
   */
  record Found(Hash transaction, boolean external) {}

  /**
   * The settlement of an authorisation: its receipt holds {@code AuthorizationUsed(from, nonce)}
   * and {@code Transfer(from, vault, value)}.
   *
   * @return empty if it was not used lately, was cancelled, or paid something else
   */
  Optional<Found> find(PaymentKey key, Hash paymentId, Address vault, UsdcAmount value) {
    long head = rpc.blockNumber();
    LogFilter filter =
        new LogFilter(
            new LogFilter.Blocks.Range(
                BlockRef.number(Math.max(0, head - BLOCKS_BACK)), BlockRef.number(head)),
            List.of(settlement.usdc()),
            List.of(
                List.of(SettlementCalls.AUTHORIZATION_USED.topic0()),
                List.of(key.from().toWord()),
                List.of(key.nonce())));
    return rpc.logs(filter).stream()
        .filter(log -> !log.removed())
        .findFirst()
        .flatMap(log -> rpc.transactionReceipt(log.transactionHash()))
        .filter(Receipt::success)
        .filter(receipt -> paid(receipt, key, vault, value))
        .map(receipt -> new Found(receipt.transactionHash(), !attributed(receipt, paymentId)));
  }

  /**
   * USDC transfers in the same breath as it marks an authorisation used, so the two logs stand side
   * by side.
   */
  private boolean paid(Receipt receipt, PaymentKey key, Address vault, UsdcAmount value) {
    List<Log> logs = receipt.logs();
    for (int i = 0; i + 1 < logs.size(); i++) {
      if (isUse(logs.get(i), key) && isTransfer(logs.get(i + 1), key.from(), vault, value)) {
        return true;
      }
    }
    return false;
  }

  private boolean isUse(Log log, PaymentKey key) {
    if (!log.address().equals(settlement.usdc())
        || !SettlementCalls.AUTHORIZATION_USED.matches(log.topics())) {
      return false;
    }
    AbiReader topics = SettlementCalls.AUTHORIZATION_USED.readTopics(log.topics());
    return topics.address(0).equals(key.from()) && topics.word(1).equals(key.nonce());
  }

  private boolean isTransfer(Log log, Address from, Address to, UsdcAmount value) {
    if (!log.address().equals(settlement.usdc())
        || !SettlementCalls.TRANSFER.matches(log.topics())) {
      return false;
    }
    AbiReader topics = SettlementCalls.TRANSFER.readTopics(log.topics());
    return topics.address(0).equals(from)
        && topics.address(1).equals(to)
        && log.dataReader().amount(0).equals(value);
  }

  private boolean attributed(Receipt receipt, Hash paymentId) {
    return receipt.logs().stream()
        .filter(log -> log.address().equals(settlement.paymentProcessor()))
        .filter(log -> SettlementCalls.PAYMENT_MADE.matches(log.topics()))
        .anyMatch(log -> log.topics().get(1).equals(paymentId));
  }
}
