package network.tachi.gateway;

import static java.util.Objects.requireNonNull;
import static network.tachi.store.jooq.chain.Tables.CRAWLER_SIGNER_CURRENT;
import static network.tachi.store.jooq.chain.Tables.HEAD;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Optional;
import network.tachi.contracts.wire.CrawlVoucher;
import network.tachi.contracts.wire.WireDomain;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.store.Database;
import org.jooq.DSLContext;

/**
 * Checks who signed a voucher (wire.md section 3). A voucher that comes again is not recovered
 * again.
 */
final class VoucherVerifier {
  private final Database database;
  private final ChainId chain;
  private final WireDomain.Credit domain;
  private final KnownKeys keys;
  private final Cache<Hash, CrawlVoucher> byHash =
      Caffeine.newBuilder().maximumSize(50_000).build();
  private final Cache<Hash, CheckedVoucher> seen =
      Caffeine.newBuilder().maximumSize(50_000).build();

  VoucherVerifier(Database database, Settlement settlement, KnownKeys keys) {
    this.database = requireNonNull(database, "database is null");
    this.chain = settlement.chain();
    this.domain = settlement.creditDomain();
    this.keys = requireNonNull(keys, "keys is null");
  }

  /** The voucher with its signer; empty if nobody who may sign for the crawler signed it. */
  Optional<CheckedVoucher> check(Credential.Voucher payment) {
    Hash hash = payment.voucher().digest(domain);
    Hash cacheKey = Keccak.hash(hash.toBytes(), payment.signature().toBytes());
    CheckedVoucher known = seen.getIfPresent(cacheKey);
    Optional<CheckedVoucher> checked = known == null ? recover(payment, hash) : Optional.of(known);
    return checked
        .filter(
            voucher -> mayStillSign(database.dsl(), voucher.voucher().crawler(), voucher.signer()))
        .map(voucher -> {
          seen.put(cacheKey, voucher);
          byHash.put(hash, voucher.voucher());
          return voucher;
        });
  }

  /** A voucher of that hash that was found good here lately. */
  Optional<CrawlVoucher> find(Hash hash) {
    return Optional.ofNullable(byHash.getIfPresent(hash));
  }

  private Optional<CheckedVoucher> recover(Credential.Voucher payment, Hash hash) {
    Address crawler = payment.voucher().crawler();
    Optional<Address> signer =
        keys.verify(hash, payment.signature(), crawler)
            ? Optional.of(crawler)
            : keys.signer(hash, payment.signature());
    return signer.map(
        found -> new CheckedVoucher(payment.voucher(), hash, payment.signature(), found));
  }

  /** Whether the account may sign for the crawler by the time of the newest indexed block. */
  boolean mayStillSign(DSLContext dsl, Address crawler, Address signer) {
    return signer.equals(crawler)
        || dsl.fetchExists(
            dsl.selectOne()
                .from(CRAWLER_SIGNER_CURRENT)
                .join(HEAD)
                .on(HEAD.CHAIN_ID.eq(CRAWLER_SIGNER_CURRENT.CHAIN_ID))
                .where(
                    CRAWLER_SIGNER_CURRENT.CHAIN_ID.eq(chain.value()),
                    CRAWLER_SIGNER_CURRENT.CRAWLER.eq(crawler),
                    CRAWLER_SIGNER_CURRENT.SIGNER.eq(signer),
                    CRAWLER_SIGNER_CURRENT.REVOKED_AT.isNull(),
                    CRAWLER_SIGNER_CURRENT.VALID_FROM.le(HEAD.HEAD_TIMESTAMP),
                    CRAWLER_SIGNER_CURRENT.EXPIRY.gt(HEAD.HEAD_TIMESTAMP)));
  }
}
