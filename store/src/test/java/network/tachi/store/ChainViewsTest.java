package network.tachi.store;

import static network.tachi.store.ChainRows.address;
import static network.tachi.store.ChainRows.hash;
import static network.tachi.store.ChainRows.usdc;
import static network.tachi.store.jooq.chain.Tables.*;
import static network.tachi.store.jooq.projection.Tables.BOND_DEPOSITED;
import static network.tachi.store.jooq.projection.Tables.BOND_SLASHED;
import static network.tachi.store.jooq.projection.Tables.CLAIMED;
import static network.tachi.store.jooq.projection.Tables.CREDIT_WITHDRAWN;
import static network.tachi.store.jooq.projection.Tables.DEPOSITED;
import static network.tachi.store.jooq.projection.Tables.DISPUTE_ANSWERED;
import static network.tachi.store.jooq.projection.Tables.DISPUTE_ESCALATED;
import static network.tachi.store.jooq.projection.Tables.DISPUTE_OPENED;
import static network.tachi.store.jooq.projection.Tables.DISPUTE_RESOLVED;
import static network.tachi.store.jooq.projection.Tables.DOMAIN_CLAIMED;
import static network.tachi.store.jooq.projection.Tables.DOMAIN_RELEASED;
import static network.tachi.store.jooq.projection.Tables.DOMAIN_REPLACEMENT_STARTED;
import static network.tachi.store.jooq.projection.Tables.DOMAIN_UNVERIFIED;
import static network.tachi.store.jooq.projection.Tables.DOMAIN_VERIFIED;
import static network.tachi.store.jooq.projection.Tables.FEE_SCHEDULED;
import static network.tachi.store.jooq.projection.Tables.GENERATION_RAISED;
import static network.tachi.store.jooq.projection.Tables.HEADER_FINALISED;
import static network.tachi.store.jooq.projection.Tables.HEADER_POSTED;
import static network.tachi.store.jooq.projection.Tables.HEADER_VOIDED;
import static network.tachi.store.jooq.projection.Tables.LICENSE_DEACTIVATED;
import static network.tachi.store.jooq.projection.Tables.LICENSE_MINTED;
import static network.tachi.store.jooq.projection.Tables.LICENSE_REACTIVATED;
import static network.tachi.store.jooq.projection.Tables.LICENSE_SUSPENDED;
import static network.tachi.store.jooq.projection.Tables.LICENSE_TRANSFER;
import static network.tachi.store.jooq.projection.Tables.LICENSE_UNSUSPENDED;
import static network.tachi.store.jooq.projection.Tables.PAYMENT_HELD;
import static network.tachi.store.jooq.projection.Tables.PAYMENT_MADE;
import static network.tachi.store.jooq.projection.Tables.PAYMENT_REFUNDED;
import static network.tachi.store.jooq.projection.Tables.PAYMENT_RELEASED;
import static network.tachi.store.jooq.projection.Tables.PAYOUT_SCHEDULED;
import static network.tachi.store.jooq.projection.Tables.SIGNER_REGISTERED;
import static network.tachi.store.jooq.projection.Tables.SIGNER_REVOKED;
import static network.tachi.store.jooq.projection.Tables.TERMS_URI_UPDATED;
import static network.tachi.store.jooq.projection.Tables.THAW_CANCELLED;
import static network.tachi.store.jooq.projection.Tables.THAW_STARTED;
import static network.tachi.store.jooq.projection.Tables.WITHDRAWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import network.tachi.store.jooq.chain.tables.records.CreditCurrentRecord;
import network.tachi.store.jooq.chain.tables.records.LicenseCurrentRecord;
import org.jooq.DSLContext;
import org.jooq.Table;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChainViewsTest {
  private static Database indexer;

  private DSLContext db;
  private ChainRows rows;

  @BeforeAll
  static void open() {
    indexer = Database.open(SharedServer.migrated(), DatabaseRole.INDEXER, 2);
  }

  @AfterAll
  static void close() {
    indexer.close();
  }

  @BeforeEach
  void empty() {
    db = indexer.dsl();
    EventTables.deleteAbove(db, ChainRows.CHAIN, -1);
    rows = new ChainRows(db);
  }

  @Test
  void licence_shouldFollowItsEvents() {
    mint(1);
    LicenseCurrentRecord fresh = license();
    assertThat(fresh.getHolder()).isEqualTo(address("publisher"));
    assertThat(fresh.getPayout()).isEqualTo(address("payout"));
    assertThat(fresh.getActive()).isTrue();
    assertThat(fresh.getSuspended()).isFalse();
    assertThat(fresh.getBlockNumber()).isEqualTo(1);

    rows.next().event(LICENSE_DEACTIVATED, LICENSE_DEACTIVATED.LICENSE_ID, 1L);
    rows.next().event(LICENSE_SUSPENDED, LICENSE_SUSPENDED.LICENSE_ID, 1L);
    rows.next()
        .event(
            TERMS_URI_UPDATED,
            TERMS_URI_UPDATED.LICENSE_ID,
            1L,
            TERMS_URI_UPDATED.NEW_TERMS_URI,
            "ipfs://new");
    rows.next()
        .event(
            LICENSE_TRANSFER,
            LICENSE_TRANSFER.FROM_ADDRESS,
            address("publisher"),
            LICENSE_TRANSFER.TO_ADDRESS,
            address("rescued"),
            LICENSE_TRANSFER.LICENSE_ID,
            1L);
    rows.head(0, 0);
    LicenseCurrentRecord changed = license();
    assertThat(changed.getActive()).isFalse();
    assertThat(changed.getSuspended()).isTrue();
    assertThat(changed.getTermsUri()).isEqualTo("ipfs://new");
    assertThat(changed.getHolder()).isEqualTo(address("rescued"));
    assertThat(changed.getPublisher()).isEqualTo(address("publisher"));
    assertThat(changed.getBlockNumber()).isEqualTo(5);

    rows.next().event(LICENSE_REACTIVATED, LICENSE_REACTIVATED.LICENSE_ID, 1L);
    rows.event(LICENSE_UNSUSPENDED, LICENSE_UNSUSPENDED.LICENSE_ID, 1L);
    rows.head(0, 0);
    assertThat(license().getActive()).isTrue();
    assertThat(license().getSuspended()).isFalse();

    EventTables.deleteAbove(db, ChainRows.CHAIN, 1);
    assertThat(license()).isEqualTo(fresh);
  }

  @Test
  void payout_shouldTakeEffectAfterItsDelay_unlessReplacedBefore() {
    mint(1);
    rows.next();
    payout("replaced", 5_000);
    rows.next();
    payout("second", 6_000);
    rows.head(0, 0);
    assertThat(license().getPayout()).isEqualTo(address("payout"));
    assertThat(license().getNextPayout()).isEqualTo(address("second"));
    assertThat(license().getNextPayoutAt()).isEqualTo(6_000);

    rows.next();
    rows.next().head(0, 0);
    assertThat(license().getPayout()).as("at 5000").isEqualTo(address("payout"));

    rows.next().head(0, 0);
    assertThat(license().getPayout()).as("at 6000").isEqualTo(address("second"));
    assertThat(license().getNextPayout()).isNull();

    rows.next();
    payout("third", 9_000);
    rows.head(0, 0);
    assertThat(license().getPayout())
        .as("in force while the third waits")
        .isEqualTo(address("second"));
  }

  @Test
  void domain_shouldHaveOneVerifiedClaim() {
    claim(1);
    claim(2);
    verified(1);
    assertThat(domains()).containsExactly(tuple(1L, true, null), tuple(2L, false, null));

    rows.next()
        .event(
            DOMAIN_REPLACEMENT_STARTED,
            DOMAIN_REPLACEMENT_STARTED.LICENSE_ID,
            2L,
            DOMAIN_REPLACEMENT_STARTED.DOMAIN_HASH,
            hash("example.com"),
            DOMAIN_REPLACEMENT_STARTED.HOLDER_LICENSE_ID,
            1L,
            DOMAIN_REPLACEMENT_STARTED.EFFECTIVE_AT,
            99_000L);
    assertThat(domains()).containsExactly(tuple(1L, true, null), tuple(2L, false, 99_000L));

    rows.next()
        .event(
            DOMAIN_UNVERIFIED,
            DOMAIN_UNVERIFIED.LICENSE_ID,
            1L,
            DOMAIN_UNVERIFIED.DOMAIN_HASH,
            hash("example.com"));
    rows.event(
        DOMAIN_VERIFIED,
        DOMAIN_VERIFIED.LICENSE_ID,
        2L,
        DOMAIN_VERIFIED.DOMAIN_HASH,
        hash("example.com"));
    assertThat(domains()).containsExactly(tuple(1L, false, null), tuple(2L, true, null));

    rows.next();
    rows.event(
        DOMAIN_UNVERIFIED,
        DOMAIN_UNVERIFIED.LICENSE_ID,
        2L,
        DOMAIN_UNVERIFIED.DOMAIN_HASH,
        hash("example.com"));
    rows.event(
        DOMAIN_RELEASED,
        DOMAIN_RELEASED.LICENSE_ID,
        2L,
        DOMAIN_RELEASED.DOMAIN_HASH,
        hash("example.com"));
    assertThat(domains()).containsExactly(tuple(1L, false, null));
    claim(2);
    assertThat(domains()).containsExactly(tuple(1L, false, null), tuple(2L, false, null));
  }

  @Test
  void payment_shouldBePaidHeldAndRefundedOrReleased() {
    pay("p1", 100);
    pay("p2", 40);
    pay("p3", 7);
    rows.next().event(PAYMENT_HELD, PAYMENT_HELD.PAYMENT_ID, hash("p1"));
    rows.event(PAYMENT_HELD, PAYMENT_HELD.PAYMENT_ID, hash("p2"));
    assertThat(payments()).containsExactly("held", "held", "paid");

    rows.next()
        .event(
            PAYMENT_REFUNDED,
            PAYMENT_REFUNDED.PAYMENT_ID,
            hash("p1"),
            PAYMENT_REFUNDED.PAYER,
            address("crawler"),
            PAYMENT_REFUNDED.AMOUNT,
            usdc(100));
    rows.event(PAYMENT_RELEASED, PAYMENT_RELEASED.PAYMENT_ID, hash("p2"));
    withdraw(40, 1);
    rows.head(0, 0);
    assertThat(payments()).containsExactly("refunded", "released", "paid");

    var total = db.fetchSingle(LICENSE_DIRECT_TOTAL);
    assertThat(total.getPaid()).isEqualTo(usdc(147));
    assertThat(total.getPayments()).isEqualTo(3);
    assertThat(total.getRefunded()).isEqualTo(usdc(100));
    assertThat(total.getWithdrawn()).isEqualTo(usdc(40));
    assertThat(total.getFees()).isEqualTo(usdc(1));
    var book = db.fetchSingle(BOOK);
    assertThat(book.getPaid()).isEqualTo(usdc(147));
    assertThat(book.getRefunded()).isEqualTo(usdc(100));
    assertThat(book.getFeesTaken()).isEqualTo(usdc(1));
  }

  @Test
  void dispute_shouldPassItsStates() {
    rows.next()
        .event(
            DISPUTE_OPENED,
            DISPUTE_OPENED.DISPUTE_ID,
            1L,
            DISPUTE_OPENED.LICENSE_ID,
            1L,
            DISPUTE_OPENED.CRAWLER,
            address("crawler"),
            DISPUTE_OPENED.PAYMENT_IDS,
            List.of(hash("p1"), hash("p2")),
            DISPUTE_OPENED.AMOUNT,
            usdc(100),
            DISPUTE_OPENED.EVIDENCE_HASH,
            hash("evidence"),
            DISPUTE_OPENED.EVIDENCE_URI,
            "ipfs://\0evidence",
            DISPUTE_OPENED.ANSWER_BY,
            10_000L);
    var open = db.fetchSingle(DISPUTE_CURRENT);
    assertThat(open.getState()).isEqualTo("open");
    assertThat(open.getDeadline()).isEqualTo(10_000);
    assertThat(open.getPaymentIds()).containsExactly(hash("p1"), hash("p2"));
    assertThat(open.getEvidenceUri()).isEqualTo("ipfs://\uFFFDevidence");

    rows.next()
        .event(
            DISPUTE_ANSWERED,
            DISPUTE_ANSWERED.DISPUTE_ID,
            1L,
            DISPUTE_ANSWERED.EVIDENCE_HASH,
            hash("answer"),
            DISPUTE_ANSWERED.EVIDENCE_URI,
            "ipfs://answer",
            DISPUTE_ANSWERED.ESCALATE_BY,
            20_000L);
    assertThat(db.fetchSingle(DISPUTE_CURRENT).getState()).isEqualTo("answered");
    rows.next()
        .event(
            DISPUTE_ESCALATED,
            DISPUTE_ESCALATED.DISPUTE_ID,
            1L,
            DISPUTE_ESCALATED.RULE_BY,
            30_000L);
    assertThat(db.fetchSingle(DISPUTE_CURRENT).getDeadline()).isEqualTo(30_000);
    rows.next()
        .event(
            DISPUTE_RESOLVED,
            DISPUTE_RESOLVED.DISPUTE_ID,
            1L,
            DISPUTE_RESOLVED.OUTCOME,
            (short) 2,
            DISPUTE_RESOLVED.CAUSE,
            (short) 4);
    var resolved = db.fetchSingle(DISPUTE_CURRENT);
    assertThat(resolved.getState()).isEqualTo("released");
    assertThat(resolved.getDeadline()).isNull();
    assertThat(resolved.getBlockNumber()).isEqualTo(4);
  }

  @Test
  void credit_shouldTellWhatIsSafe_andEndThaws() {
    deposit(100);
    deposit(50);
    deposit(7);
    rows.head(2, 1);
    CreditCurrentRecord credit = db.fetchSingle(CREDIT_CURRENT);
    assertThat(credit.getDeposited()).isEqualTo(usdc(157));
    assertThat(credit.getDepositedSafe()).isEqualTo(usdc(150));
    assertThat(credit.getDepositedFinalized()).isEqualTo(usdc(100));
    assertThat(credit.getThawing()).isEqualTo(usdc(0));

    thaw(60);
    assertThat(db.fetchSingle(CREDIT_CURRENT).getThawing()).isEqualTo(usdc(60));
    rows.next().event(THAW_CANCELLED, THAW_CANCELLED.CRAWLER, address("crawler"));
    assertThat(db.fetchSingle(CREDIT_CURRENT).getThawing()).isEqualTo(usdc(0));
    thaw(30);
    rows.next()
        .event(
            CREDIT_WITHDRAWN,
            CREDIT_WITHDRAWN.CRAWLER,
            address("crawler"),
            CREDIT_WITHDRAWN.TO_ADDRESS,
            address("crawler"),
            CREDIT_WITHDRAWN.AMOUNT,
            usdc(25),
            CREDIT_WITHDRAWN.TOTAL_WITHDRAWN,
            usdc(25));
    CreditCurrentRecord after = db.fetchSingle(CREDIT_CURRENT);
    assertThat(after.getThawing()).as("a withdrawal ends the thaw").isEqualTo(usdc(0));
    assertThat(after.getWithdrawn()).isEqualTo(usdc(25));
  }

  @Test
  void signer_shouldBeRevokedAndRegisteredAgain() {
    register(1_000, 9_000);
    rows.next()
        .event(
            SIGNER_REVOKED,
            SIGNER_REVOKED.CRAWLER,
            address("crawler"),
            SIGNER_REVOKED.SIGNER,
            address("signer"),
            SIGNER_REVOKED.REVOKED_AT,
            5_000L);
    assertThat(db.fetchSingle(CRAWLER_SIGNER_CURRENT).getRevokedAt()).isEqualTo(5_000);
    register(6_000, Long.MAX_VALUE);
    var current = db.fetchSingle(CRAWLER_SIGNER_CURRENT);
    assertThat(current.getRevokedAt()).isNull();
    assertThat(current.getValidFrom()).isEqualTo(6_000);
    assertThat(db.fetchCount(CRAWLER_SIGNER_HISTORY)).isEqualTo(2);
  }

  @Test
  void header_shouldBePostedThenFinalisedOrVoided() {
    post(1, 1);
    post(2, 1);
    rows.next()
        .event(
            HEADER_FINALISED,
            HEADER_FINALISED.EPOCH,
            1L,
            HEADER_FINALISED.HEADER_HASH,
            hash("header 1 1"));
    rows.next()
        .event(
            HEADER_VOIDED,
            HEADER_VOIDED.EPOCH,
            2L,
            HEADER_VOIDED.GENERATION,
            1L,
            HEADER_VOIDED.HEADER_HASH,
            hash("header 2 1"));
    rows.event(
        GENERATION_RAISED, GENERATION_RAISED.GENERATION, 2L, GENERATION_RAISED.LAST_GOOD_EPOCH, 1L);
    post(2, 2);
    rows.head(0, 0);
    assertThat(
            db.fetch(HEADER_CURRENT)
                .sortAsc(HEADER_CURRENT.POSTED_BLOCK)
                .getValues(HEADER_CURRENT.STATE))
        .containsExactly("finalised", "voided", "posted");
    assertThat(db.fetchSingle(GENERATION_CURRENT).getGeneration()).isEqualTo(2);
    var book = db.fetchSingle(BOOK);
    assertThat(book.getFinalisedCredit()).isEqualTo(usdc(1_000));
    assertThat(book.getHeadersPosted()).isEqualTo(3);
  }

  @Test
  void bondAndFee_shouldBeTheNewest() {
    rows.next()
        .event(FEE_SCHEDULED, FEE_SCHEDULED.FEE_BPS, 100, FEE_SCHEDULED.EFFECTIVE_AT, 1_000L);
    rows.event(
        BOND_DEPOSITED,
        BOND_DEPOSITED.FROM_ADDRESS,
        address("oracle"),
        BOND_DEPOSITED.AMOUNT,
        usdc(500),
        BOND_DEPOSITED.BOND,
        usdc(500));
    rows.next()
        .event(FEE_SCHEDULED, FEE_SCHEDULED.FEE_BPS, 200, FEE_SCHEDULED.EFFECTIVE_AT, 3_000L);
    rows.event(BOND_SLASHED, BOND_SLASHED.AMOUNT, usdc(500), BOND_SLASHED.BOND, usdc(0));
    rows.head(0, 0);
    assertThat(db.fetchSingle(BOND_CURRENT).getBond()).isEqualTo(usdc(0));
    assertThat(db.fetchSingle(FEE_CURRENT).getFeeBps()).isEqualTo(100);
    assertThat(db.fetchSingle(FEE_CURRENT).getNextFeeBps()).isEqualTo(200);
    rows.next().head(0, 0);
    assertThat(db.fetchSingle(FEE_CURRENT).getFeeBps()).isEqualTo(200);
  }

  @Test
  void claims_shouldAddUp() {
    for (long cumulative : new long[] {10, 25}) {
      rows.next()
          .event(
              CLAIMED,
              CLAIMED.LICENSE_ID,
              1L,
              CLAIMED.PAYOUT,
              address("payout"),
              CLAIMED.EPOCH,
              cumulative,
              CLAIMED.AMOUNT,
              usdc(cumulative == 10 ? 10 : 15),
              CLAIMED.CUMULATIVE,
              usdc(cumulative));
    }
    var total = db.fetchSingle(CLAIM_TOTAL);
    assertThat(total.getClaimed()).isEqualTo(usdc(25));
    assertThat(total.getCumulative()).isEqualTo(usdc(25));
    assertThat(total.getClaims()).isEqualTo(2);
  }

  @Test
  void listOfEvents_shouldHoldEveryTable() {
    deposit(3);
    mint(1);
    assertThat(db.fetch(EVENT).getValues(EVENT.NAME))
        .containsExactlyInAnyOrder("deposited", "license_minted", "payout_scheduled");
    String view =
        db.fetchSingle("SELECT pg_get_viewdef('chain.event'::regclass)").get(0, String.class);
    assertThat(EventTables.all())
        .extracting(Table::getName)
        .allSatisfy(name -> assertThat(view).contains("chain_v1." + name));
    assertThat(EventTables.all()).hasSize(69);
  }

  private void mint(long id) {
    rows.next()
        .event(
            LICENSE_MINTED,
            LICENSE_MINTED.PUBLISHER,
            address("publisher"),
            LICENSE_MINTED.LICENSE_ID,
            id,
            LICENSE_MINTED.TERMS_URI,
            "ipfs://terms");
    payout("payout", 1000 * rows.block());
    rows.head(0, 0);
  }

  private void payout(String to, long effectiveAt) {
    rows.event(
        PAYOUT_SCHEDULED,
        PAYOUT_SCHEDULED.LICENSE_ID,
        1L,
        PAYOUT_SCHEDULED.PAYOUT,
        address(to),
        PAYOUT_SCHEDULED.EFFECTIVE_AT,
        effectiveAt);
  }

  private LicenseCurrentRecord license() {
    return db.fetchSingle(LICENSE_CURRENT);
  }

  private void claim(long id) {
    rows.next()
        .event(
            DOMAIN_CLAIMED,
            DOMAIN_CLAIMED.LICENSE_ID,
            id,
            DOMAIN_CLAIMED.DOMAIN_HASH,
            hash("example.com"),
            DOMAIN_CLAIMED.DOMAIN,
            "example.com");
  }

  private void verified(long id) {
    rows.next()
        .event(
            DOMAIN_VERIFIED,
            DOMAIN_VERIFIED.LICENSE_ID,
            id,
            DOMAIN_VERIFIED.DOMAIN_HASH,
            hash("example.com"));
  }

  private List<org.assertj.core.groups.Tuple> domains() {
    return db.fetch(DOMAIN_CURRENT).sortAsc(DOMAIN_CURRENT.LICENSE_ID).stream()
        .map(row -> tuple(row.getLicenseId(), row.getVerified(), row.getReplacementAt()))
        .toList();
  }

  private void pay(String id, long amount) {
    rows.next()
        .event(
            PAYMENT_MADE,
            PAYMENT_MADE.PAYMENT_ID,
            hash(id),
            PAYMENT_MADE.LICENSE_ID,
            1L,
            PAYMENT_MADE.PAYER,
            address("crawler"),
            PAYMENT_MADE.AMOUNT,
            usdc(amount),
            PAYMENT_MADE.NONCE,
            hash("nonce " + id),
            PAYMENT_MADE.METHOD,
            (short) 1,
            PAYMENT_MADE.PAID_AT,
            1000 * rows.block());
  }

  private List<String> payments() {
    return db.fetch(PAYMENT_CURRENT)
        .sortAsc(PAYMENT_CURRENT.PAID_BLOCK)
        .getValues(PAYMENT_CURRENT.STATE);
  }

  private void withdraw(long amount, long fee) {
    rows.next()
        .event(
            WITHDRAWN,
            WITHDRAWN.LICENSE_ID,
            1L,
            WITHDRAWN.PAYOUT,
            address("payout"),
            WITHDRAWN.AMOUNT,
            usdc(amount),
            WITHDRAWN.FEE,
            usdc(fee));
  }

  private void deposit(long amount) {
    rows.next()
        .event(
            DEPOSITED,
            DEPOSITED.CRAWLER,
            address("crawler"),
            DEPOSITED.FROM_ADDRESS,
            address("crawler"),
            DEPOSITED.AMOUNT,
            usdc(amount));
  }

  private void thaw(long amount) {
    rows.next()
        .event(
            THAW_STARTED,
            THAW_STARTED.CRAWLER,
            address("crawler"),
            THAW_STARTED.AMOUNT,
            usdc(amount),
            THAW_STARTED.THAW_ENDS_AT,
            99_000L);
  }

  private void register(long validFrom, long expiry) {
    rows.next()
        .event(
            SIGNER_REGISTERED,
            SIGNER_REGISTERED.CRAWLER,
            address("crawler"),
            SIGNER_REGISTERED.SIGNER,
            address("signer"),
            SIGNER_REGISTERED.VALID_FROM,
            validFrom,
            SIGNER_REGISTERED.EXPIRY,
            expiry);
  }

  private void post(long epoch, long generation) {
    rows.next()
        .event(
            HEADER_POSTED,
            HEADER_POSTED.EPOCH,
            epoch,
            HEADER_POSTED.GENERATION,
            generation,
            HEADER_POSTED.HEADER_HASH,
            hash("header " + epoch + " " + generation),
            HEADER_POSTED.PREV_HEADER_HASH,
            hash("previous"),
            HEADER_POSTED.CONFIG_DIGEST,
            hash("config"),
            HEADER_POSTED.LOG_SIZE,
            10L * epoch,
            HEADER_POSTED.LOG_ROOT,
            hash("log"),
            HEADER_POSTED.LICENSE_COUNT,
            1L,
            HEADER_POSTED.CREDIT_ROOT,
            hash("credit"),
            HEADER_POSTED.CRAWLER_COUNT,
            1L,
            HEADER_POSTED.DEBIT_ROOT,
            hash("debit"),
            HEADER_POSTED.TOTAL_CREDIT,
            usdc(1_000 * epoch),
            HEADER_POSTED.TOTAL_DEBIT,
            usdc(1_000 * epoch),
            HEADER_POSTED.RULES_HASH,
            hash("rules"),
            HEADER_POSTED.DATA_COMMITMENT,
            hash("data"),
            HEADER_POSTED.CLOSED_AT,
            1000 * rows.block(),
            HEADER_POSTED.FINALISABLE_AT,
            2000 * rows.block());
  }
}
