package network.tachi.gateway;

import static java.util.Objects.requireNonNull;
import static network.tachi.store.jooq.account.Tables.POLICY_CURRENT;
import static network.tachi.store.jooq.chain.Tables.DOMAIN_CURRENT;
import static network.tachi.store.jooq.chain.Tables.LICENSE_CURRENT;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import network.tachi.contracts.policy.Policy;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.store.Database;
import org.jspecify.annotations.Nullable;

/** Resolves domains to licences and their policies, from the views of chain and account. */
final class Sites {
  private static final long MAX_DOMAINS = 10_000;

  private final Database database;
  private final ChainId chain;
  private final Cache<String, Optional<Site>> known;
  private final Cache<Hash, Policy> policies =
      Caffeine.newBuilder().maximumSize(MAX_DOMAINS).build();

  /**
   * Creates a resolver.
   *
   * @param freshness how long an answer is used again
   */
  Sites(Database database, ChainId chain, Duration freshness) {
    this.database = requireNonNull(database, "database is null");
    this.chain = requireNonNull(chain, "chain is null");
    this.known = Caffeine.newBuilder().expireAfterWrite(freshness).maximumSize(MAX_DOMAINS).build();
  }

  /** The site of a domain; empty if no verified claim to it stands. */
  Optional<Site> find(String domain) {
    Optional<Site> site = known.getIfPresent(domain);
    if (site == null) {
      site = load(domain);
      known.put(domain, site);
    }
    return site;
  }

  /** The site of a domain as it is this moment. */
  Optional<Site> reload(String domain) {
    known.invalidate(domain);
    return find(domain);
  }

  /** All licences of the chain. */
  List<LicenseId> licenses() {
    return database
        .dsl()
        .select(LICENSE_CURRENT.LICENSE_ID)
        .from(LICENSE_CURRENT)
        .where(LICENSE_CURRENT.CHAIN_ID.eq(chain.value()))
        .fetch(row -> LicenseId.of(row.value1()));
  }

  private Optional<Site> load(String domain) {
    return database
        .dsl()
        .select(
            LICENSE_CURRENT.LICENSE_ID,
            LICENSE_CURRENT.ACTIVE,
            LICENSE_CURRENT.SUSPENDED,
            POLICY_CURRENT.POLICY_HASH,
            POLICY_CURRENT.DOCUMENT)
        .from(DOMAIN_CURRENT)
        .join(LICENSE_CURRENT)
        .on(
            LICENSE_CURRENT.CHAIN_ID.eq(DOMAIN_CURRENT.CHAIN_ID),
            LICENSE_CURRENT.LICENSE_ID.eq(DOMAIN_CURRENT.LICENSE_ID))
        .leftJoin(POLICY_CURRENT)
        .on(POLICY_CURRENT.LICENSE_ID.eq(DOMAIN_CURRENT.LICENSE_ID))
        .where(
            DOMAIN_CURRENT.CHAIN_ID.eq(chain.value()),
            DOMAIN_CURRENT.DOMAIN_HASH.eq(WireIds.domainHash(domain)),
            DOMAIN_CURRENT.VERIFIED.eq(true))
        .fetchOptional(row ->
            site(
                row.value1(),
                Boolean.TRUE.equals(row.value2()) && !Boolean.TRUE.equals(row.value3()),
                row.value4(),
                row.value5()));
  }

  private Site site(long license, boolean payable, @Nullable Hash hash, @Nullable String document) {
    if (hash == null || document == null) {
      return new Site(LicenseId.of(license), payable, null, Hash.ZERO);
    }
    return new Site(
        LicenseId.of(license), payable, policies.get(hash, _ -> Policy.parse(document)), hash);
  }
}
