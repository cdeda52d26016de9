package network.tachi.contracts.event;

import java.util.List;
import java.util.Optional;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.Log;

/** Reads logs of configured contracts (wire.md section 7). */
public final class EventDecoder {
  private EventDecoder() {}

  /**
   * Reads a log.
   *
   * @param kind what the contract that emitted the log is configured as
   * @return empty if the contract has no such event, or the log has no topics
   * @throws MalformedEventException if the log has an event's first topic but not its form
   */
  public static Optional<TachiEvent> decode(ContractKind kind, Log log) {
    return decode(kind, log.topics(), log.data());
  }

  /**
   * Reads a log.
   *
   * @param kind what the contract that emitted the log is configured as
   * @param topics of the log
   * @param data of the log
   * @return empty if the contract has no such event, or the log has no topics
   * @throws MalformedEventException if the log has an event's first topic but not its form
   */
  public static Optional<TachiEvent> decode(ContractKind kind, List<Hash> topics, Bytes data) {
    return table(kind).decode(topics, data);
  }

  static EventTable table(ContractKind kind) {
    return switch (kind) {
      case CRAWL_LICENSE -> LicenseEvents.TABLE;
      case PAYMENT_PROCESSOR -> PaymentEvents.TABLE;
      case DISPUTE_RESOLVER -> DisputeEvents.TABLE;
      case CREDIT_ESCROW -> EscrowEvents.TABLE;
      case METERING_LEDGER -> LedgerEvents.TABLE;
      case HEADER_ANCHOR -> AnchorEvents.TABLE;
      case LEGACY_LICENSE -> LegacyEvents.LICENSE;
      case LEGACY_PAYMENTS -> LegacyEvents.PAYMENTS;
      case LEGACY_LOG -> LegacyEvents.LOG;
    };
  }
}
