package network.tachi.oracle;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import network.tachi.contracts.event.ContractKind;
import network.tachi.contracts.event.EscrowEvent;
import network.tachi.contracts.event.EventDecoder;
import network.tachi.contracts.event.LedgerEvent;
import network.tachi.contracts.event.TachiEvent;
import network.tachi.evm.rpc.BlockHeader;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.Log;
import network.tachi.evm.rpc.LogFilter;
import org.jooq.DSLContext;

/**
 * Writes rows of signers, thaws and demands as the indexer does, from the real chain, and keeps the
 * index's head at the chain's. Every block counts as safe, unless the test says otherwise.
 */
final class ChainMirror implements AutoCloseable {
  private final Rig rig;
  private final Repeater repeater;
  private long next;

  /** Mirrors what comes from now on. */
  ChainMirror(Rig rig) {
    this(rig, rig.chains.base.rpc().blockNumber() + 1);
  }

  /** Mirrors from a block on. */
  ChainMirror(Rig rig, long from) {
    this.rig = rig;
    this.next = from;
    this.repeater = new Repeater("mirror", Duration.ofMillis(30), this::look);
    this.repeater.start();
  }

  private void look() {
    BlockHeader head = rig.chains.base.rpc().block(BlockTag.LATEST).orElseThrow();
    rig.owner.run(tx -> {
      if (next <= head.number()) {
        List<Log> logs =
            rig.chains
                .base
                .rpc()
                .logs(
                    LogFilter.range(
                        next, head.number(), List.of(rig.chains.escrow(), rig.chains.ledger())));
        logs.forEach(log -> write(tx, log));
      }
      tx.execute("UPDATE chain.checkpoint SET head_timestamp = ?", head.timestamp());
    });
    next = head.number() + 1;
  }

  private void write(DSLContext tx, Log log) {
    boolean escrow = log.address().equals(rig.chains.escrow());
    Optional<TachiEvent> event =
        EventDecoder.decode(
            escrow ? ContractKind.CREDIT_ESCROW : ContractKind.METERING_LEDGER, log);
    switch (event.orElse(null)) {
      case EscrowEvent.SignerRegistered e ->
          insert(
              tx,
              log,
              "signer_registered (crawler, signer, valid_from, expiry",
              e.crawler().toBytes(),
              e.signer().toBytes(),
              e.validFrom(),
              e.expiry());
      case EscrowEvent.SignerRevoked e ->
          insert(
              tx,
              log,
              "signer_revoked (crawler, signer, revoked_at",
              e.crawler().toBytes(),
              e.signer().toBytes(),
              e.revokedAt());
      case LedgerEvent.DemandOpened e ->
          insert(
              tx,
              log,
              "demand_opened (demand_id, header_hash, kind, asker, subject, fee, answer_by",
              e.demandId().toBytes(),
              e.headerHash().toBytes(),
              e.kind(),
              e.asker().toBytes(),
              e.subject().toArray(),
              e.fee().toBigInteger(),
              e.answerBy());
      case LedgerEvent.DemandAnswered e ->
          insert(
              tx,
              log,
              "demand_answered (demand_id, answerer",
              e.demandId().toBytes(),
              e.answerer().toBytes());
      case LedgerEvent.DemandExpired e ->
          insert(tx, log, "demand_expired (demand_id", new Object[] {e.demandId().toBytes()});
      case null, default -> {}
    }
  }

  private void insert(DSLContext tx, Log log, String into, Object... values) {
    Object[] all = new Object[values.length + 7];
    System.arraycopy(values, 0, all, 0, values.length);
    int at = values.length;
    all[at] = rig.chains.base.chain().value();
    all[at + 1] = log.blockNumber();
    all[at + 2] = log.logIndex();
    all[at + 3] = log.blockHash().toBytes();
    all[at + 4] = rig.chains.base.rpc().blockByNumber(log.blockNumber()).orElseThrow().timestamp();
    all[at + 5] = log.transactionHash().toBytes();
    all[at + 6] = log.address().toBytes();
    tx.execute(
        "INSERT INTO chain."
            + into
            + ", chain_id, block_number, log_index, block_hash, block_timestamp, tx_hash, contract,"
            + " tx_index) VALUES (?"
            + ", ?".repeat(all.length - 1)
            + ", 0)",
        all);
  }

  @Override
  public void close() {
    repeater.stopAndWait();
  }
}
