package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import network.tachi.contracts.call.DemandCalls;
import network.tachi.contracts.wire.Committed;
import network.tachi.contracts.wire.CrawlVoucher;
import network.tachi.contracts.wire.LogProof;
import network.tachi.contracts.wire.PairProof;
import network.tachi.contracts.wire.PartyLeaf;
import network.tachi.contracts.wire.Proven;
import network.tachi.contracts.wire.SettlementTree;
import network.tachi.contracts.wire.SettlementTrees;
import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.Signature;
import network.tachi.oracle.Demand.Subject;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Makes answers to demands from the log, its vouchers and the settlement of an epoch. Used by one
 * thread.
 */
final class DemandAnswers {
  /** What a demand gets. */
  sealed interface Answer {
    /** A call of the ledger. */
    record Call(Bytes data) implements Answer {
      public Call {
        requireNonNull(data, "data is null");
      }
    }

    /** Nothing: what is asked for is not there. */
    record Missing(String reason) implements Answer {
      public Missing {
        requireNonNull(reason, "reason is null");
      }
    }
  }

  private final OracleStore store;
  private final LogTable log;
  private final EpochTable epochs;
  private final VoucherTable vouchers;
  private final LogPaths paths;
  private @Nullable SettlementTrees trees;
  private Hash treesOf = Hash.ZERO;

  DemandAnswers(OracleStore store, LogTable log, EpochTable epochs, VoucherTable vouchers) {
    this.store = requireNonNull(store, "store is null");
    this.log = requireNonNull(log, "log is null");
    this.epochs = requireNonNull(epochs, "epochs is null");
    this.vouchers = requireNonNull(vouchers, "vouchers is null");
    this.paths = new LogPaths(log);
  }

  /** The answer to a demand. */
  Answer to(Demand demand) {
    return store.read(tx -> {
      Optional<Committed> target =
          epochs.byHash(tx, demand.headerHash()).map(ClosedEpoch::committed);
      return target.isEmpty()
          ? new Answer.Missing("header " + demand.headerHash() + " is not ours")
          : to(tx, target.get(), demand.subject());
    });
  }

  private Answer to(DSLContext tx, Committed target, Subject subject) {
    return switch (subject) {
      case Subject.Line line -> line(tx, target, line.leafHash());
      case Subject.Reference reference ->
          proof(tx, target, reference.index())
              .<Answer>map(p -> new Answer.Call(DemandCalls.answerReference(target, p)))
              .orElseGet(() -> new Answer.Missing("the log has no line " + reference.index()));
      case Subject.Node node -> node(tx, target, node);
      case Subject.Voucher voucher -> voucher(tx, target, voucher);
      case Subject.Unknown unknown ->
          new Answer.Missing("demands of kind " + unknown.kind() + " are not known");
    };
  }

  private Answer line(DSLContext tx, Committed target, Hash leafHash) {
    long from =
        epochs.find(tx, target.header().epoch() - 1).map(e -> e.body().logSize()).orElse(0L);
    OptionalLong index = log.indexOf(tx, leafHash, from, target.body().logSize());
    if (index.isEmpty()) {
      return new Answer.Missing("the log has no line of hash " + leafHash);
    }
    return proof(tx, target, index.getAsLong())
        .<Answer>map(p -> new Answer.Call(DemandCalls.answerLine(target, p.leaf(), p.path())))
        .orElseGet(() -> new Answer.Missing("line " + index + " is not in the header's log"));
  }

  /** A line and its path; empty if it does not lead to the target's root. */
  private Optional<LogProof> proof(DSLContext tx, Committed target, long index) {
    long size = target.body().logSize();
    if (index < 0 || index >= size) {
      return Optional.empty();
    }
    List<UsageAttestation> line = log.entries(tx, index, index + 1);
    return line.stream()
        .map(leaf -> new LogProof(leaf, index, paths.path(tx, index, size)))
        .filter(proof -> proof.in(target.body()))
        .findFirst();
  }

  private Answer node(DSLContext tx, Committed target, Subject.Node node) {
    SettlementTrees both = trees(tx, target);
    return node.debit() ? node(target, node, both.debit()) : node(target, node, both.credit());
  }

  private static <K extends Comparable<K>, J extends Comparable<J>, P extends PartyLeaf<K>>
      Answer node(Committed target, Subject.Node node, SettlementTree<K, J, P> tree) {
    Optional<PairProof<P>> pair = tree.pairAt(node.partyIndex(), node.pairIndex());
    Optional<Proven<P>> party = tree.partyAt(node.partyIndex());
    if (pair.isPresent()) {
      return new Answer.Call(DemandCalls.answerNode(target, node.debit(), pair.get()));
    }
    return party.isPresent()
        ? new Answer.Call(
            DemandCalls.answerNode(target, node.debit(), party.get(), node.pairIndex()))
        : new Answer.Missing("the settlement has no party at " + node.partyIndex());
  }

  /** The trees of an epoch; those of the last one asked for are kept. */
  private SettlementTrees trees(DSLContext tx, Committed target) {
    Hash hash = target.header().structHash();
    SettlementTrees known = trees;
    if (known == null || !treesOf.equals(hash)) {
      known = SettlementTrees.of(epochs.pairs(tx, target.header()));
      trees = known;
      treesOf = hash;
    }
    return known;
  }

  private Answer voucher(DSLContext tx, Committed target, Subject.Voucher asked) {
    Optional<VoucherTable.Signed> found =
        vouchers.find(tx, asked.voucherHash(), target.body().closedAt());
    if (found.isEmpty()) {
      return new Answer.Missing("there is no voucher " + asked.voucherHash());
    }
    CrawlVoucher voucher = found.get().voucher();
    Signature signature = found.get().signature();
    return voucher.crawler().equals(asked.crawler())
            && voucher.licenseId().equals(asked.licenseId())
            && voucher.cumulativeMax().compareTo(asked.cumulative()) >= 0
        ? new Answer.Call(DemandCalls.answerVoucher(target, voucher, asked.cumulative(), signature))
        : new Answer.Missing(voucher + " does not allow " + asked.cumulative());
  }
}
