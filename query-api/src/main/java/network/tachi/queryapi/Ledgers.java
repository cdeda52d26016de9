package network.tachi.queryapi;

import static java.util.Objects.requireNonNull;
import static network.tachi.store.jooq.chain.Tables.BOOK;
import static network.tachi.store.jooq.chain.Tables.DISPUTE_CURRENT;
import static network.tachi.store.jooq.chain.Tables.LICENSE_DIRECT_TOTAL;
import static network.tachi.store.jooq.metering.Tables.LOG_ENTRY;
import static network.tachi.store.jooq.metering.Tables.LOG_TOTAL;
import static network.tachi.store.jooq.metering.Tables.PAIR_CURRENT;

import java.util.List;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;
import network.tachi.proto.v1.AsOf;
import network.tachi.proto.v1.Books;
import network.tachi.proto.v1.CrawlerRevenue;
import network.tachi.proto.v1.Dispute;
import network.tachi.proto.v1.ListDisputesResponse;
import network.tachi.proto.v1.Revenue;
import network.tachi.store.jooq.chain.tables.records.BookRecord;
import network.tachi.store.jooq.chain.tables.records.DisputeCurrentRecord;
import network.tachi.store.jooq.metering.tables.records.LogTotalRecord;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** Sums over payments, credits and claims, and disputes. */
final class Ledgers {
  private static final int TOP_CRAWLERS = 10;

  private final Heads heads;
  private final Publishers publishers;
  private final Claims claims;

  Ledgers(Heads heads, Publishers publishers, Claims claims) {
    this.heads = requireNonNull(heads, "heads is null");
    this.publishers = requireNonNull(publishers, "publishers is null");
    this.claims = requireNonNull(claims, "claims is null");
  }

  /**
   * The sums of a chain over all its blocks up to the head, and of the whole usage log. Rows above
   * the head are never there: the indexer commits both together.
   */
  Books books(DSLContext tx, ChainId chain) {
    AsOf asOf = heads.asOf(tx, chain);
    BookRecord book = tx.selectFrom(BOOK).where(BOOK.CHAIN_ID.eq(chain.value())).fetchSingle();
    LogTotalRecord log = tx.selectFrom(LOG_TOTAL).fetchSingle();
    UsdcAmount finalised = book.get(BOOK.FINALISED_CREDIT);
    return Books.newBuilder()
        .setChainId(chain.value())
        .setLicenses(book.getLicenses())
        .setPayments(book.getPayments())
        .setPaid(book.getPaid().toString())
        .setRefunded(book.getRefunded().toString())
        .setWithdrawn(book.getWithdrawn().toString())
        .setSwept(book.getSwept().toString())
        .setFeesTaken(book.getFeesTaken().toString())
        .setDeposited(book.getDeposited().toString())
        .setCreditWithdrawn(book.getCreditWithdrawn().toString())
        .setClaimed(book.getClaimed().toString())
        .setFinalisedCredit(finalised == null ? "0" : finalised.toString())
        .setEpochsPosted(book.getHeadersPosted())
        .setEpochsFinalised(book.getHeadersFinalised())
        .setEpochsVoided(book.getHeadersVoided())
        .setHeadersAnchored(book.getHeadersAnchored())
        .setDisputes(book.getDisputes())
        .setDisputesRefunded(book.getDisputesRefunded())
        .setLogSize(log.getEntries())
        .setLogCreditEntries(log.getCreditEntries())
        .setLogCredit(log.getCredit().toString())
        .setLogDirectEntries(log.getDirectEntries())
        .setLogDirect(log.getDirect().toString())
        .setAsOf(asOf)
        .build();
  }

  /** A licence's revenue: the direct rail by the chain, the credit rail by the usage log. */
  Revenue revenue(DSLContext tx, LicenseId license) {
    publishers.requireHolder(tx, license);
    var direct =
        tx.selectFrom(LICENSE_DIRECT_TOTAL)
            .where(LICENSE_DIRECT_TOTAL.CHAIN_ID.eq(heads.settlement().value()))
            .and(LICENSE_DIRECT_TOTAL.LICENSE_ID.eq(license.value()))
            .fetchOne();
    UsdcAmount earned =
        Sums.of(
            tx, PAIR_CURRENT, PAIR_CURRENT.CUMULATIVE, PAIR_CURRENT.LICENSE_ID.eq(license.value()));
    return Revenue.newBuilder()
        .setLicenseId(license.toString())
        .setDirectPaid(direct == null ? "0" : direct.getPaid().toString())
        .setDirectRefunded(direct == null ? "0" : direct.getRefunded().toString())
        .setDirectWithdrawn(direct == null ? "0" : direct.getWithdrawn().toString())
        .setCreditEarned(earned.toString())
        .setCreditClaimed(claims.claimed(tx, license).toString())
        .setRequests(tx.fetchCount(LOG_ENTRY, LOG_ENTRY.LICENSE_ID.eq(license.value())))
        .addAllTopCrawlers(topCrawlers(tx, license))
        .setAsOf(heads.asOf(tx))
        .build();
  }

  private static List<CrawlerRevenue> topCrawlers(DSLContext tx, LicenseId license) {
    var sum = Sums.sum(LOG_ENTRY.AMOUNT);
    var requests = DSL.count();
    return tx.select(LOG_ENTRY.CRAWLER, requests, sum)
        .from(LOG_ENTRY)
        .where(LOG_ENTRY.LICENSE_ID.eq(license.value()))
        .groupBy(LOG_ENTRY.CRAWLER)
        .orderBy(sum.desc(), LOG_ENTRY.CRAWLER)
        .limit(TOP_CRAWLERS)
        .fetch(row ->
            CrawlerRevenue.newBuilder()
                .setCrawler(row.get(LOG_ENTRY.CRAWLER).toString())
                .setRequests(row.get(requests))
                .setAmount(Sums.amount(row.get(sum)).toString())
                .build());
  }

  /** Disputes of a chain, newest first. */
  ListDisputesResponse disputes(DSLContext tx, ChainId chain, PageToken page) {
    List<DisputeCurrentRecord> rows =
        tx.selectFrom(DISPUTE_CURRENT)
            .where(DISPUTE_CURRENT.CHAIN_ID.eq(chain.value()))
            .and(DISPUTE_CURRENT.DISPUTE_ID.lt(page.after().getFirst()))
            .orderBy(DISPUTE_CURRENT.DISPUTE_ID.desc())
            .limit(page.fetch())
            .fetch();
    ListDisputesResponse.Builder answer = ListDisputesResponse.newBuilder();
    page.items(rows).forEach(row -> answer.addDisputes(dispute(row)));
    return answer
        .setNextPageToken(page.next(rows, row -> List.of(row.getDisputeId())))
        .setAsOf(heads.asOf(tx, chain))
        .build();
  }

  private static Dispute dispute(DisputeCurrentRecord row) {
    return Dispute.newBuilder()
        .setDisputeId(row.getDisputeId().toString())
        .setLicenseId(row.getLicenseId().toString())
        .setCrawler(row.getCrawler().toString())
        .setAmount(row.getAmount().toString())
        .addAllPaymentIds(row.getPaymentIds().stream().map(Hash::toString).toList())
        .setState(row.getState())
        .setEvidenceHash(row.getEvidenceHash().toString())
        .setEvidenceUri(row.getEvidenceUri())
        .build();
  }
}
