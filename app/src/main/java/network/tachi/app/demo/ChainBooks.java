package network.tachi.app.demo;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import network.tachi.app.demo.Books.Entry;
import network.tachi.chainconfig.ChainSettings;
import network.tachi.chainconfig.ContractAt;
import network.tachi.contracts.event.AnchorEvent;
import network.tachi.contracts.event.ContractKind;
import network.tachi.contracts.event.DisputeEvent;
import network.tachi.contracts.event.EscrowEvent;
import network.tachi.contracts.event.EventDecoder;
import network.tachi.contracts.event.LedgerEvent;
import network.tachi.contracts.event.LicenseEvent;
import network.tachi.contracts.event.PaymentEvent;
import network.tachi.contracts.event.TachiEvent;
import network.tachi.evm.Address;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.Log;
import network.tachi.evm.rpc.LogFilter;

/** The books as the chain itself has them: every log of our contracts, decoded and added up. */
final class ChainBooks {
  private static final int REFUNDED = 1;
  private static final long RANGE = 2_000;

  private final Books.Sum sum = new Books.Sum();
  private final Map<Long, BigInteger> totalCreditByEpoch = new HashMap<>();

  private ChainBooks() {}

  /** Reads the chain up to a block, that one included. */
  static Books read(ChainSettings chain, EthRpc rpc, long toBlock) {
    ChainBooks books = new ChainBooks();
    for (TachiEvent event : events(chain, rpc, 0, toBlock)) {
      books.add(event);
    }
    return books.sum.toBooks();
  }

  /** The events of a chain's contracts in a range of blocks, in order. */
  static List<TachiEvent> events(ChainSettings chain, EthRpc rpc, long fromBlock, long toBlock) {
    Map<Address, ContractKind> kinds = new HashMap<>();
    long first = toBlock;
    for (ContractAt contract : chain.contracts()) {
      kinds.put(contract.address(), ContractKind.valueOf(contract.name().name()));
      first = Math.min(first, contract.startBlock());
    }
    List<TachiEvent> events = new ArrayList<>();
    for (long from = Math.max(first, fromBlock); from <= toBlock; from += RANGE) {
      long to = Math.min(toBlock, from + RANGE - 1);
      for (Log log : rpc.logs(LogFilter.range(from, to, List.copyOf(kinds.keySet())))) {
        ContractKind kind = kinds.get(log.address());
        if (kind != null) {
          EventDecoder.decode(kind, log).ifPresent(events::add);
        }
      }
    }
    return events;
  }

  private void add(TachiEvent event) {
    switch (event) {
      case LicenseEvent.LicenseMinted _ -> sum.count(Entry.LICENSES);
      case PaymentEvent.PaymentMade paid -> {
        sum.count(Entry.PAYMENTS);
        amount(Entry.PAID, paid.amount());
      }
      case PaymentEvent.PaymentRefunded refunded -> amount(Entry.REFUNDED, refunded.amount());
      case PaymentEvent.Withdrawn withdrawn -> amount(Entry.WITHDRAWN, withdrawn.amount());
      case PaymentEvent.Swept swept -> amount(Entry.SWEPT, swept.amount());
      case EscrowEvent.Deposited deposited -> amount(Entry.DEPOSITED, deposited.amount());
      case EscrowEvent.CreditWithdrawn withdrawn ->
          amount(Entry.CREDIT_WITHDRAWN, withdrawn.amount());
      case LedgerEvent.Claimed claimed -> amount(Entry.CLAIMED, claimed.amount());
      case LedgerEvent.HeaderPosted posted -> {
        sum.count(Entry.EPOCHS_POSTED);
        totalCreditByEpoch.put(posted.epoch(), posted.body().totalCredit().toBigInteger());
      }
      case LedgerEvent.HeaderFinalised finalised -> {
        sum.count(Entry.EPOCHS_FINALISED);
        sum.set(
            Entry.FINALISED_CREDIT,
            totalCreditByEpoch.getOrDefault(finalised.epoch(), BigInteger.ZERO));
      }
      case LedgerEvent.HeaderVoided _ -> sum.count(Entry.EPOCHS_VOIDED);
      case AnchorEvent.HeaderAnchored _ -> sum.count(Entry.HEADERS_ANCHORED);
      case DisputeEvent.DisputeOpened _ -> sum.count(Entry.DISPUTES);
      case DisputeEvent.DisputeResolved resolved -> {
        if (resolved.outcome() == REFUNDED) {
          sum.count(Entry.DISPUTES_REFUNDED);
        }
      }
      default -> {}
    }
  }

  private void amount(Entry entry, UsdcAmount amount) {
    sum.add(entry, amount.toBigInteger());
  }
}
