package network.tachi.gateway;

import static java.util.Objects.requireNonNull;
import static network.tachi.store.jooq.gateway.Tables.PAIR_CEILING;

import java.time.InstantSource;
import java.util.Optional;
import network.tachi.contracts.wire.CrawlVoucher;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;
import network.tachi.store.jooq.gateway.tables.records.PairCeilingRecord;
import org.jooq.Condition;
import org.jooq.DSLContext;

/**
 * The rows of {@code gateway.pair_ceiling}. Every change holds the row's lock, so that requests of
 * one pair are admitted one after the other, in whichever process.
 */
final class Pairs {
  private final InstantSource clock;

  Pairs(InstantSource clock) {
    this.clock = requireNonNull(clock, "clock is null");
  }

  /**
   * A pair, its row locked.
   *
   * @param voucher the highest valid one
   * @param signer who signed it
   */
  record Locked(
      CrawlVoucher voucher,
      Hash voucherHash,
      Address signer,
      Bytes signature,
      PairStanding standing) {}

  /** Whether the pair has a row. */
  boolean isKnown(DSLContext dsl, Address crawler, LicenseId licenseId) {
    return dsl.fetchExists(PAIR_CEILING, is(crawler, licenseId));
  }

  /** Makes the pair's first row; does nothing if there is one. */
  void open(DSLContext tx, CheckedVoucher first, UsdcAmount charged) {
    PairCeilingRecord row = new PairCeilingRecord();
    row.setCrawler(first.voucher().crawler());
    row.setLicenseId(first.voucher().licenseId().value());
    write(row, first);
    row.setCharged(charged);
    row.setReserved(UsdcAmount.ZERO);
    row.setUpdatedAt(clock.instant());
    tx.insertInto(PAIR_CEILING).set(row).onConflictDoNothing().execute();
  }

  /** Locks the pair's row until the transaction ends. */
  Optional<Locked> lock(DSLContext tx, Address crawler, LicenseId licenseId) {
    return tx.selectFrom(PAIR_CEILING)
        .where(is(crawler, licenseId))
        .forUpdate()
        .fetchOptional(Pairs::locked);
  }

  /** Where the pair stands. */
  Optional<PairStanding> standing(DSLContext dsl, Address crawler, LicenseId licenseId) {
    return dsl.selectFrom(PAIR_CEILING)
        .where(is(crawler, licenseId))
        .fetchOptional(row -> locked(row).standing());
  }

  /** Replaces the highest voucher. */
  void raise(DSLContext tx, CheckedVoucher voucher) {
    PairCeilingRecord row = new PairCeilingRecord();
    write(row, voucher);
    row.setUpdatedAt(clock.instant());
    tx.update(PAIR_CEILING)
        .set(row)
        .where(is(voucher.voucher().crawler(), voucher.voucher().licenseId()))
        .execute();
  }

  /** Writes new totals; the row is locked. */
  void account(
      DSLContext tx,
      Address crawler,
      LicenseId licenseId,
      UsdcAmount charged,
      UsdcAmount reserved) {
    tx.update(PAIR_CEILING)
        .set(PAIR_CEILING.CHARGED, charged)
        .set(PAIR_CEILING.RESERVED, reserved)
        .set(PAIR_CEILING.UPDATED_AT, clock.instant())
        .where(is(crawler, licenseId))
        .execute();
  }

  private static void write(PairCeilingRecord row, CheckedVoucher voucher) {
    row.setCumulativeMax(voucher.voucher().cumulativeMax());
    row.setVoucherHash(voucher.hash());
    row.setTermsHash(voucher.voucher().termsHash());
    row.setSigner(voucher.signer());
    row.setSignature(Bytes.wrap(voucher.signature().toBytes()));
  }

  private static Locked locked(PairCeilingRecord row) {
    return new Locked(
        new CrawlVoucher(
            row.getCrawler(),
            LicenseId.of(row.getLicenseId()),
            row.getCumulativeMax(),
            row.getTermsHash()),
        row.getVoucherHash(),
        row.getSigner(),
        row.getSignature(),
        new PairStanding(row.getCharged(), row.getReserved(), row.getCumulativeMax()));
  }

  private static Condition is(Address crawler, LicenseId licenseId) {
    return PAIR_CEILING.CRAWLER.eq(crawler).and(PAIR_CEILING.LICENSE_ID.eq(licenseId.value()));
  }
}
