package network.tachi.queryapi;

import static java.util.Objects.requireNonNull;
import static network.tachi.store.jooq.chain.Tables.HEADER_ANCHOR_CURRENT;
import static network.tachi.store.jooq.chain.Tables.HEADER_CURRENT;
import static network.tachi.store.jooq.metering.Tables.EPOCH_CURRENT;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.tachi.contracts.wire.Committed;
import network.tachi.contracts.wire.EpochBody;
import network.tachi.contracts.wire.EpochHeader;
import network.tachi.evm.Hash;
import network.tachi.proto.v1.Epoch;
import network.tachi.store.jooq.chain.tables.records.HeaderCurrentRecord;
import network.tachi.store.jooq.metering.tables.records.EpochCurrentRecord;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/**
 * Closed epochs. What the settlement chain says of a header counts; the oracle's own word is taken
 * for headers that the chain does not have yet.
 */
final class Epochs {
  private static final String VOIDED = "voided";
  private static final String FINALISED = "finalised";

  /** Of several headers of one epoch: the one that stands, or else the last one that stood. */
  private static final Comparator<Row> STANDING =
      Comparator.<Row, Boolean>comparing(row -> !row.state().equals(VOIDED))
          .thenComparingLong(row -> row.committed().header().generation());

  private final Heads heads;

  Epochs(Heads heads) {
    this.heads = requireNonNull(heads, "heads is null");
  }

  /**
   * A header and where it stands.
   *
   * @param committed header and body
   * @param hash of the header
   * @param state closed, posted, finalised or voided
   * @param settlementTx empty until it is posted
   * @param anchorTx empty until it is anchored
   */
  record Row(
      Committed committed,
      Hash hash,
      String state,
      Optional<Hash> settlementTx,
      Optional<Hash> anchorTx) {
    long epoch() {
      return committed.header().epoch();
    }

    EpochBody body() {
      return committed.body();
    }

    Row anchored(Optional<Hash> tx) {
      return new Row(committed, hash, state, settlementTx, tx);
    }

    Epoch.Builder message() {
      EpochHeader header = committed.header();
      EpochBody body = committed.body();
      return Epoch.newBuilder()
          .setEpoch(header.epoch())
          .setGeneration(header.generation())
          .setHeaderHash(hash.toString())
          .setPrevHeaderHash(header.prevHeaderHash().toString())
          .setConfigDigest(header.configDigest().toString())
          .setBodyHash(header.bodyHash().toString())
          .setLogSize(body.logSize())
          .setLogRoot(body.logRoot().toString())
          .setLicenseCount(body.licenseCount())
          .setCreditRoot(body.creditRoot().toString())
          .setCrawlerCount(body.crawlerCount())
          .setDebitRoot(body.debitRoot().toString())
          .setTotalCredit(body.totalCredit().toString())
          .setTotalDebit(body.totalDebit().toString())
          .setRulesHash(body.rulesHash().toString())
          .setDataCommitment(body.dataCommitment().toString())
          .setClosedAt(body.closedAt())
          .setState(state)
          .setSettlementTx(settlementTx.map(Hash::toString).orElse(""))
          .setAnchorTx(anchorTx.map(Hash::toString).orElse(""));
    }
  }

  /** The epoch with a number. */
  Optional<Row> find(DSLContext tx, long epoch) {
    return load(tx, List.of(epoch)).stream().findFirst();
  }

  /** The newest epoch that was not voided. */
  Optional<Row> newest(DSLContext tx) {
    Long posted =
        tx.select(HEADER_CURRENT.EPOCH)
            .from(HEADER_CURRENT)
            .where(onSettlement(HEADER_CURRENT.STATE.ne(VOIDED)))
            .orderBy(HEADER_CURRENT.EPOCH.desc())
            .limit(1)
            .fetchOne(HEADER_CURRENT.EPOCH);
    Long closed =
        tx.select(EPOCH_CURRENT.EPOCH)
            .from(EPOCH_CURRENT)
            .where(EPOCH_CURRENT.STATE.ne(VOIDED))
            .orderBy(EPOCH_CURRENT.EPOCH.desc())
            .limit(1)
            .fetchOne(EPOCH_CURRENT.EPOCH);
    long number = Math.max(posted == null ? 0 : posted, closed == null ? 0 : closed);
    return number == 0 ? Optional.empty() : find(tx, number);
  }

  /** The newest header that the settlement chain has and has not voided. */
  Optional<Row> newestPosted(DSLContext tx) {
    return newestOnChain(tx, HEADER_CURRENT.STATE.ne(VOIDED));
  }

  /** The newest header that is final for the ledger. */
  Optional<Row> newestFinalised(DSLContext tx) {
    return newestOnChain(tx, HEADER_CURRENT.STATE.eq(FINALISED));
  }

  private Optional<Row> newestOnChain(DSLContext tx, Condition condition) {
    return tx.selectFrom(HEADER_CURRENT)
        .where(onSettlement(condition))
        .orderBy(HEADER_CURRENT.EPOCH.desc(), HEADER_CURRENT.GENERATION.desc())
        .limit(1)
        .fetchOptional(Epochs::posted)
        .map(row -> withAnchors(tx, List.of(row)).getFirst());
  }

  /** The first epoch that stands and covers a log index. */
  Optional<Row> covering(DSLContext tx, long logIndex) {
    Long posted =
        tx.select(DSL.min(HEADER_CURRENT.EPOCH))
            .from(HEADER_CURRENT)
            .where(
                onSettlement(
                    HEADER_CURRENT.LOG_SIZE.gt(logIndex).and(HEADER_CURRENT.STATE.ne(VOIDED))))
            .fetchOne(0, Long.class);
    Long closed =
        tx.select(DSL.min(EPOCH_CURRENT.EPOCH))
            .from(EPOCH_CURRENT)
            .where(EPOCH_CURRENT.LOG_SIZE.gt(logIndex).and(EPOCH_CURRENT.STATE.ne(VOIDED)))
            .fetchOne(0, Long.class);
    if (posted == null && closed == null) {
      return Optional.empty();
    }
    return find(
        tx,
        Math.min(
            posted == null ? Long.MAX_VALUE : posted, closed == null ? Long.MAX_VALUE : closed));
  }

  /** Epochs below a number, newest first. */
  List<Row> list(DSLContext tx, long below, int limit) {
    List<Long> numbers =
        tx.select(HEADER_CURRENT.EPOCH)
            .from(HEADER_CURRENT)
            .where(onSettlement(HEADER_CURRENT.EPOCH.lt(below)))
            .union(
                DSL.select(EPOCH_CURRENT.EPOCH)
                    .from(EPOCH_CURRENT)
                    .where(EPOCH_CURRENT.EPOCH.lt(below)))
            .orderBy(DSL.one().desc())
            .limit(limit)
            .fetch(0, Long.class);
    return load(tx, numbers);
  }

  private List<Row> load(DSLContext tx, Collection<Long> numbers) {
    Map<Hash, Row> headers = new HashMap<>();
    tx.selectFrom(EPOCH_CURRENT)
        .where(EPOCH_CURRENT.EPOCH.in(numbers))
        .forEach(record -> put(headers, closed(record)));
    tx.selectFrom(HEADER_CURRENT)
        .where(onSettlement(HEADER_CURRENT.EPOCH.in(numbers)))
        .forEach(record -> put(headers, posted(record)));
    Map<Long, Row> byNumber = new HashMap<>();
    headers
        .values()
        .forEach(
            row -> byNumber.merge(row.epoch(), row, (a, b) -> STANDING.compare(a, b) >= 0 ? a : b));
    List<Row> sorted = new ArrayList<>(byNumber.values());
    sorted.sort(Comparator.comparingLong(Row::epoch).reversed());
    return withAnchors(tx, sorted);
  }

  private static void put(Map<Hash, Row> headers, Row row) {
    headers.put(row.hash(), row);
  }

  private List<Row> withAnchors(DSLContext tx, List<Row> rows) {
    Map<Hash, Hash> anchors =
        tx.select(HEADER_ANCHOR_CURRENT.HEADER_HASH, HEADER_ANCHOR_CURRENT.TX_HASH)
            .from(HEADER_ANCHOR_CURRENT)
            .where(HEADER_ANCHOR_CURRENT.CHAIN_ID.eq(heads.anchor().value()))
            .and(HEADER_ANCHOR_CURRENT.HEADER_HASH.in(rows.stream().map(Row::hash).toList()))
            .fetchMap(HEADER_ANCHOR_CURRENT.HEADER_HASH, HEADER_ANCHOR_CURRENT.TX_HASH);
    return rows.stream()
        .map(row -> row.anchored(Optional.ofNullable(anchors.get(row.hash()))))
        .toList();
  }

  private Condition onSettlement(Condition condition) {
    return HEADER_CURRENT.CHAIN_ID.eq(heads.settlement().value()).and(condition);
  }

  private static Row posted(HeaderCurrentRecord row) {
    EpochBody body =
        new EpochBody(
            row.getLogSize(),
            row.getLogRoot(),
            row.getLicenseCount(),
            row.getCreditRoot(),
            row.getCrawlerCount(),
            row.getDebitRoot(),
            row.getTotalCredit(),
            row.getTotalDebit(),
            row.getRulesHash(),
            row.getDataCommitment(),
            row.getClosedAt());
    EpochHeader header =
        new EpochHeader(
            row.getEpoch(),
            row.getGeneration(),
            row.getPrevHeaderHash(),
            row.getConfigDigest(),
            body.structHash());
    return new Row(
        new Committed(header, body),
        row.getHeaderHash(),
        row.getState(),
        Optional.of(row.getPostedTx()),
        Optional.empty());
  }

  /** As the oracle closed it; posted or finalised it is only where the chain says so. */
  private static Row closed(EpochCurrentRecord row) {
    EpochBody body =
        new EpochBody(
            row.getLogSize(),
            row.getLogRoot(),
            row.getLicenseCount(),
            row.getCreditRoot(),
            row.getCrawlerCount(),
            row.getDebitRoot(),
            row.getTotalCredit(),
            row.getTotalDebit(),
            row.getRulesHash(),
            row.getDataCommitment(),
            row.getClosedAt());
    EpochHeader header =
        new EpochHeader(
            row.getEpoch(),
            row.getGeneration(),
            row.getPrevHeaderHash(),
            row.getConfigDigest(),
            row.getBodyHash());
    return new Row(
        new Committed(header, body),
        row.getHeaderHash(),
        row.getState().equals(VOIDED) ? VOIDED : "closed",
        Optional.empty(),
        Optional.empty());
  }
}
