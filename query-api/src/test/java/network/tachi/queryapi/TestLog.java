package network.tachi.queryapi;

import static network.tachi.store.jooq.metering.Tables.EPOCH;
import static network.tachi.store.jooq.metering.Tables.LOG_LEAF;
import static network.tachi.store.jooq.metering.Tables.PAIR;
import static network.tachi.store.jooq.metering.Tables.PAIR_SNAPSHOT;
import static network.tachi.store.jooq.projection.Tables.HEADER_ANCHORED;
import static network.tachi.store.jooq.projection.Tables.HEADER_FINALISED;
import static network.tachi.store.jooq.projection.Tables.HEADER_POSTED;
import static network.tachi.store.jooq.projection.Tables.HEADER_VOIDED;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import network.tachi.contracts.wire.Committed;
import network.tachi.contracts.wire.EpochBody;
import network.tachi.contracts.wire.EpochHeader;
import network.tachi.contracts.wire.MemoryLog;
import network.tachi.contracts.wire.PairLeaf;
import network.tachi.contracts.wire.SettlementTrees;
import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.contracts.wire.UsageAttestation.PairTip;
import network.tachi.contracts.wire.UsageAttestation.Position;
import network.tachi.contracts.wire.UsageAttestation.Service;
import network.tachi.contracts.wire.WireDomain;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Signature;
import network.tachi.evm.Signer;
import network.tachi.evm.UsdcAmount;
import network.tachi.store.Database;

/** Writes the usage log and its epochs as the oracle does. */
final class TestLog {
  private record PairKey(Address crawler, LicenseId license) {}

  final List<UsageAttestation> lines = new ArrayList<>();
  final List<Signature> signatures = new ArrayList<>();
  final MemoryLog tree = new MemoryLog();
  private final Map<PairKey, PairTip> tips = new HashMap<>();
  private final Map<PairKey, PairLeaf> pairs = new HashMap<>();
  private final Database oracle;
  private final WireDomain.Metering domain;
  private final Signer attestationKey;
  private final long generation = 1;
  private Hash lastHeader;
  private long epoch;

  TestLog(Database oracle, WireDomain.Metering domain, Signer attestationKey, Hash deploymentId) {
    this.oracle = oracle;
    this.domain = domain;
    this.attestationKey = attestationKey;
    this.lastHeader = deploymentId;
  }

  private Position next() {
    return new Position(generation, lines.size(), 1);
  }

  private Service service(Address crawler, LicenseId license, long price) {
    Hash random = Keccak.hash("request " + lines.size());
    return new Service(
        crawler,
        license,
        Keccak.hash("content " + lines.size()),
        WireIds.requestId(license, crawler, random),
        1,
        UsdcAmount.of(price));
  }

  /** A request charged to a voucher. */
  UsageAttestation credit(Address crawler, LicenseId license, long price) {
    PairKey key = new PairKey(crawler, license);
    UsageAttestation line =
        UsageAttestation.credit(
            next(),
            service(crawler, license, price),
            tips.getOrDefault(key, PairTip.NONE),
            Keccak.hash("voucher " + lines.size()),
            1_700_000_000_000L + lines.size());
    tips.put(key, line.tip());
    pairs.put(key, PairLeaf.of(line));
    store(line);
    return line;
  }

  /** A request paid on chain. */
  UsageAttestation direct(Address crawler, LicenseId license, long price, Hash paymentId) {
    UsageAttestation line =
        UsageAttestation.direct(
            next(), service(crawler, license, price), paymentId, 1_700_000_000_000L + lines.size());
    store(line);
    return line;
  }

  private void store(UsageAttestation line) {
    Signature signature = attestationKey.sign(line.digest(domain));
    lines.add(line);
    signatures.add(signature);
    tree.append(line.leafHash());
    oracle.run(tx -> {
      tx.insertInto(LOG_LEAF)
          .set(LOG_LEAF.LOG_INDEX, line.logIndex())
          .set(LOG_LEAF.GENERATION, line.generation())
          .set(LOG_LEAF.CONFIG_VERSION, line.configVersion())
          .set(LOG_LEAF.RAIL, (short) line.rail())
          .set(LOG_LEAF.CRAWLER, line.crawler())
          .set(LOG_LEAF.LICENSE_ID, line.licenseId().value())
          .set(LOG_LEAF.CONTENT_ID, line.contentId())
          .set(LOG_LEAF.REQUEST_ID, line.requestId())
          .set(LOG_LEAF.UNITS, line.units())
          .set(LOG_LEAF.UNIT_PRICE, line.unitPrice())
          .set(LOG_LEAF.PAIR_SEQ, line.pairSeq())
          .set(
              LOG_LEAF.PAIR_PREV_INDEX,
              line.pairPrevIndex() == WireIds.NONE ? null : line.pairPrevIndex())
          .set(LOG_LEAF.PAIR_CUMULATIVE, line.pairCumulative())
          .set(LOG_LEAF.PAYMENT_REF, line.paymentRef())
          .set(LOG_LEAF.ISSUED_AT_MS, line.issuedAtMs())
          .set(LOG_LEAF.LEAF_HASH, line.leafHash())
          .set(LOG_LEAF.SIGNATURE, Bytes.of(signature.toBytes()))
          .execute();
      if (line.isCredit()) {
        tx.insertInto(PAIR)
            .set(PAIR.CRAWLER, line.crawler())
            .set(PAIR.LICENSE_ID, line.licenseId().value())
            .set(PAIR.CUMULATIVE, line.pairCumulative())
            .set(PAIR.LAST_PAIR_SEQ, line.pairSeq())
            .set(PAIR.LAST_LOG_INDEX, line.logIndex())
            .set(PAIR.VOUCHER_HASH, line.paymentRef())
            .onConflict(PAIR.CRAWLER, PAIR.LICENSE_ID)
            .doUpdate()
            .setAllToExcluded()
            .execute();
      }
    });
  }

  /** The settlement of the log as it is now. */
  SettlementTrees trees() {
    return SettlementTrees.of(pairs.values());
  }

  /** Closes the next epoch. */
  Committed close(long closedAt) {
    SettlementTrees trees = trees();
    EpochBody body =
        EpochBody.of(tree.size(), tree.root(), trees, WireIds.rulesHash(new TreeMap<>()), closedAt);
    EpochHeader header =
        new EpochHeader(++epoch, generation, lastHeader, Keccak.hash("config"), body.structHash());
    lastHeader = header.structHash();
    oracle.run(tx -> {
      tx.insertInto(EPOCH)
          .set(EPOCH.EPOCH_, header.epoch())
          .set(EPOCH.GENERATION, header.generation())
          .set(EPOCH.CONFIG_VERSION, 1L)
          .set(EPOCH.PREV_HEADER_HASH, header.prevHeaderHash())
          .set(EPOCH.CONFIG_DIGEST, header.configDigest())
          .set(EPOCH.BODY_HASH, header.bodyHash())
          .set(EPOCH.HEADER_HASH, header.structHash())
          .set(EPOCH.LOG_SIZE, body.logSize())
          .set(EPOCH.LOG_ROOT, body.logRoot())
          .set(EPOCH.LICENSE_COUNT, body.licenseCount())
          .set(EPOCH.CREDIT_ROOT, body.creditRoot())
          .set(EPOCH.CRAWLER_COUNT, body.crawlerCount())
          .set(EPOCH.DEBIT_ROOT, body.debitRoot())
          .set(EPOCH.TOTAL_CREDIT, body.totalCredit())
          .set(EPOCH.TOTAL_DEBIT, body.totalDebit())
          .set(EPOCH.RULES_HASH, body.rulesHash())
          .set(EPOCH.DATA_COMMITMENT, body.dataCommitment())
          .set(EPOCH.CLOSED_AT, body.closedAt())
          .set(EPOCH.STATE, "closed")
          .set(EPOCH.CREATED_AT, Instant.ofEpochSecond(closedAt))
          .execute();
      for (PairLeaf pair : trees.pairs()) {
        tx.insertInto(PAIR_SNAPSHOT)
            .set(PAIR_SNAPSHOT.EPOCH, header.epoch())
            .set(PAIR_SNAPSHOT.GENERATION, header.generation())
            .set(PAIR_SNAPSHOT.LICENSE_ID, pair.licenseId().value())
            .set(PAIR_SNAPSHOT.CRAWLER, pair.crawler())
            .set(PAIR_SNAPSHOT.CUMULATIVE, pair.cumulative())
            .set(PAIR_SNAPSHOT.LAST_PAIR_SEQ, pair.lastPairSeq())
            .set(PAIR_SNAPSHOT.LAST_LOG_INDEX, pair.lastLogIndex())
            .set(PAIR_SNAPSHOT.VOUCHER_HASH, pair.voucherHash())
            .execute();
      }
    });
    return new Committed(header, body);
  }

  /** Posts a header on the settlement chain and returns its transaction. */
  static Hash post(TestChain.Block block, Committed closed) {
    EpochHeader header = closed.header();
    EpochBody body = closed.body();
    return block
        .event(HEADER_POSTED)
        .set(HEADER_POSTED.EPOCH, header.epoch())
        .set(HEADER_POSTED.GENERATION, header.generation())
        .set(HEADER_POSTED.HEADER_HASH, header.structHash())
        .set(HEADER_POSTED.PREV_HEADER_HASH, header.prevHeaderHash())
        .set(HEADER_POSTED.CONFIG_DIGEST, header.configDigest())
        .set(HEADER_POSTED.LOG_SIZE, body.logSize())
        .set(HEADER_POSTED.LOG_ROOT, body.logRoot())
        .set(HEADER_POSTED.LICENSE_COUNT, body.licenseCount())
        .set(HEADER_POSTED.CREDIT_ROOT, body.creditRoot())
        .set(HEADER_POSTED.CRAWLER_COUNT, body.crawlerCount())
        .set(HEADER_POSTED.DEBIT_ROOT, body.debitRoot())
        .set(HEADER_POSTED.TOTAL_CREDIT, body.totalCredit())
        .set(HEADER_POSTED.TOTAL_DEBIT, body.totalDebit())
        .set(HEADER_POSTED.RULES_HASH, body.rulesHash())
        .set(HEADER_POSTED.DATA_COMMITMENT, body.dataCommitment())
        .set(HEADER_POSTED.CLOSED_AT, body.closedAt())
        .set(HEADER_POSTED.FINALISABLE_AT, body.closedAt() + 15)
        .emit();
  }

  static void finalise(TestChain.Block block, Committed closed) {
    block
        .event(HEADER_FINALISED)
        .set(HEADER_FINALISED.EPOCH, closed.header().epoch())
        .set(HEADER_FINALISED.HEADER_HASH, closed.header().structHash())
        .emit();
  }

  static void voidHeader(TestChain.Block block, Committed closed) {
    block
        .event(HEADER_VOIDED)
        .set(HEADER_VOIDED.EPOCH, closed.header().epoch())
        .set(HEADER_VOIDED.GENERATION, closed.header().generation())
        .set(HEADER_VOIDED.HEADER_HASH, closed.header().structHash())
        .emit();
  }

  static Hash anchor(TestChain.Block block, Committed closed) {
    EpochHeader header = closed.header();
    return block
        .event(HEADER_ANCHORED)
        .set(HEADER_ANCHORED.EPOCH, header.epoch())
        .set(HEADER_ANCHORED.GENERATION, header.generation())
        .set(HEADER_ANCHORED.HEADER_HASH, header.structHash())
        .set(HEADER_ANCHORED.PREV_HEADER_HASH, header.prevHeaderHash())
        .set(HEADER_ANCHORED.CONFIG_DIGEST, header.configDigest())
        .set(HEADER_ANCHORED.BODY_HASH, header.bodyHash())
        .emit();
  }
}
