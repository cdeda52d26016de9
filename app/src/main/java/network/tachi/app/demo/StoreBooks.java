package network.tachi.app.demo;

import static network.tachi.store.jooq.chain.Tables.LICENSE_TRANSFER;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.Objects;
import network.tachi.app.demo.Books.Entry;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.LicenseId;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.impl.DSL;

/** The books as the database has them: the event rows of one chain, added up by one statement. */
final class StoreBooks {
  private static final Map<Entry, String> EXPRESSIONS =
      Map.ofEntries(
          Map.entry(
              Entry.LICENSES,
              "select count(*) from chain.license_minted where chain_id = {0} and block_number <="
                  + " {1}"),
          Map.entry(
              Entry.PAYMENTS,
              "select count(*) from chain.payment_made where chain_id = {0} and block_number <="
                  + " {1}"),
          Map.entry(
              Entry.PAID,
              "select sum(amount) from chain.payment_made where chain_id = {0} and block_number <="
                  + " {1}"),
          Map.entry(
              Entry.REFUNDED,
              "select sum(amount) from chain.payment_refunded where chain_id = {0} and block_number"
                  + " <= {1}"),
          Map.entry(
              Entry.WITHDRAWN,
              "select sum(amount) from chain.withdrawn where chain_id = {0} and block_number <="
                  + " {1}"),
          Map.entry(
              Entry.SWEPT,
              "select sum(amount) from chain.swept where chain_id = {0} and block_number <= {1}"),
          Map.entry(
              Entry.DEPOSITED,
              "select sum(amount) from chain.deposited where chain_id = {0} and block_number <="
                  + " {1}"),
          Map.entry(
              Entry.CREDIT_WITHDRAWN,
              "select sum(amount) from chain.credit_withdrawn where chain_id = {0} and block_number"
                  + " <= {1}"),
          Map.entry(
              Entry.CLAIMED,
              "select sum(amount) from chain.claimed where chain_id = {0} and block_number <= {1}"),
          Map.entry(
              Entry.FINALISED_CREDIT,
              "select p.total_credit from chain.header_finalised f join chain.header_posted p on"
                  + " p.chain_id = f.chain_id and p.header_hash = f.header_hash where f.chain_id ="
                  + " {0} and f.block_number <= {1} order by f.epoch desc limit 1"),
          Map.entry(
              Entry.EPOCHS_POSTED,
              "select count(*) from chain.header_posted where chain_id = {0} and block_number <="
                  + " {1}"),
          Map.entry(
              Entry.EPOCHS_FINALISED,
              "select count(*) from chain.header_finalised where chain_id = {0} and block_number <="
                  + " {1}"),
          Map.entry(
              Entry.EPOCHS_VOIDED,
              "select count(*) from chain.header_voided where chain_id = {0} and block_number <="
                  + " {1}"),
          Map.entry(
              Entry.HEADERS_ANCHORED,
              "select count(*) from chain.header_anchored where chain_id = {0} and block_number <="
                  + " {1}"),
          Map.entry(
              Entry.DISPUTES,
              "select count(*) from chain.dispute_opened where chain_id = {0} and block_number <="
                  + " {1}"),
          Map.entry(
              Entry.DISPUTES_REFUNDED,
              "select count(*) from chain.dispute_resolved where chain_id = {0} and block_number <="
                  + " {1} and outcome = 1"));

  private StoreBooks() {}

  /** Who holds each licence of a chain at the end of a block. */
  static Map<LicenseId, Address> holders(DSLContext db, ChainId chain, long block) {
    return db.select(LICENSE_TRANSFER.LICENSE_ID, LICENSE_TRANSFER.TO_ADDRESS)
        .distinctOn(LICENSE_TRANSFER.LICENSE_ID)
        .from(LICENSE_TRANSFER)
        .where(LICENSE_TRANSFER.CHAIN_ID.eq(chain.value()))
        .and(LICENSE_TRANSFER.BLOCK_NUMBER.le(block))
        .orderBy(
            LICENSE_TRANSFER.LICENSE_ID,
            LICENSE_TRANSFER.BLOCK_NUMBER.desc(),
            LICENSE_TRANSFER.LOG_INDEX.desc())
        .fetchMap(row -> LicenseId.of(row.value1()), row -> row.value2());
  }

  /** Adds up what stands in blocks up to one, that one included. */
  static Books read(DSLContext db, ChainId chain, long toBlock) {
    Books.Sum sum = new Books.Sum();
    var columns =
        EXPRESSIONS.entrySet().stream()
            .map(entry ->
                DSL.field(
                        "coalesce((" + entry.getValue() + "), 0)",
                        BigDecimal.class,
                        DSL.inline(chain.value()),
                        DSL.inline(toBlock))
                    .as(entry.getKey().name()))
            .toList();
    Record row = Objects.requireNonNull(db.select(columns).fetchOne());
    for (Entry entry : Entry.values()) {
      sum.set(entry, row.get(entry.name(), BigInteger.class));
    }
    return sum.toBooks();
  }
}
