package network.tachi.app;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import network.tachi.app.local.LocalAccount;
import network.tachi.chainconfig.ChainSettings;
import network.tachi.chainconfig.ContractName;
import network.tachi.contracts.call.UsdcCalls;
import network.tachi.contracts.deploy.DirectTxSender;
import network.tachi.contracts.web3j.Usdc;
import network.tachi.contracts.wire.Committed;
import network.tachi.contracts.wire.EpochBody;
import network.tachi.contracts.wire.EpochHeader;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;
import org.jooq.Record;

/** Somebody who asks for what is behind a pending header of a running system. */
final class Demands {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long TIME_TO_ASK = 8;

  private final RunningSystem system;
  private final DirectTxSender asker;
  private final Address ledger;

  Demands(RunningSystem system) {
    ChainSettings base = system.network().network().settlement();
    this.system = system;
    this.ledger = base.address(ContractName.METERING_LEDGER);
    this.asker =
        new DirectTxSender(
            system.network().base().rpc(),
            base.chain(),
            LocalAccount.FAUCET.signer(),
            Duration.ofSeconds(20));
    UsdcAmount fees = UsdcAmount.parseUsdc("5");
    asker.send(base.usdc().address(), Usdc.mint(asker.address(), fees));
    asker.send(base.usdc().address(), UsdcCalls.approve(ledger, fees));
  }

  /** A header that bills something and was posted just now. */
  Committed awaitPendingHeader() {
    return await("a pending header", () -> newest().map(Demands::committed));
  }

  private Optional<Record> newest() {
    return system
        .owner()
        .dsl()
        .fetchOptional(
            """
            SELECT e.* FROM metering.epoch_current e
            JOIN chain.header_current c ON c.header_hash = e.header_hash AND c.state = 'posted'
            JOIN chain.head h ON h.chain_id = c.chain_id
            WHERE e.total_credit > 0 AND c.finalisable_at >= h.head_timestamp + ?
            ORDER BY e.epoch DESC LIMIT 1
            """,
            TIME_TO_ASK);
  }

  private static Committed committed(Record row) {
    return new Committed(
        new EpochHeader(
            row.get("epoch", Long.class),
            row.get("generation", Long.class),
            hash(row, "prev_header_hash"),
            hash(row, "config_digest"),
            hash(row, "body_hash")),
        new EpochBody(
            row.get("log_size", Long.class),
            hash(row, "log_root"),
            row.get("license_count", Long.class),
            hash(row, "credit_root"),
            row.get("crawler_count", Long.class),
            hash(row, "debit_root"),
            amount(row, "total_credit"),
            amount(row, "total_debit"),
            hash(row, "rules_hash"),
            hash(row, "data_commitment"),
            row.get("closed_at", Long.class)));
  }

  private static Hash hash(Record row, String column) {
    return Hash.of(row.get(column, byte[].class));
  }

  private static UsdcAmount amount(Record row, String column) {
    return UsdcAmount.of(row.get(column, BigDecimal.class).toBigIntegerExact());
  }

  void ask(Bytes demand) {
    asker.send(ledger, demand);
  }

  /** Waits until so many demands were asked and all are answered. */
  void awaitAnswered(int count) {
    await(
        count + " answers",
        () ->
            Optional.of(
                    system
                        .owner()
                        .dsl()
                        .fetch("SELECT state FROM chain.demand_current")
                        .getValues("state", String.class))
                .filter(states ->
                    states.size() == count && states.stream().allMatch("answered"::equals)));
  }

  void awaitFinalised(Committed target) {
    await(
        "finality",
        () ->
            system
                .owner()
                .dsl()
                .fetchOptional(
                    "SELECT FROM chain.header_current WHERE header_hash = ? AND state ="
                        + " 'finalised'",
                    target.header().structHash().toBytes()));
  }

  private <T> T await(String what, Supplier<Optional<T>> look) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Optional<T> found = look.get();
    while (found.isEmpty()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(
            what
                + " did not come in "
                + PATIENCE
                + ": "
                + system.owner().dsl().fetch("SELECT * FROM chain.demand_current")
                + system.said());
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      found = look.get();
    }
    return found.get();
  }
}
