package network.tachi.queryapi;

import static java.util.Objects.requireNonNull;
import static network.tachi.store.jooq.account.Tables.POLICY_CURRENT;
import static network.tachi.store.jooq.chain.Tables.DOMAIN_CURRENT;
import static network.tachi.store.jooq.chain.Tables.LICENSE_CURRENT;
import static network.tachi.store.jooq.chain.Tables.LICENSE_LINK_CURRENT;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.proto.v1.LinkedLicense;
import network.tachi.proto.v1.Publisher;
import network.tachi.server.ApiException;
import network.tachi.store.jooq.chain.tables.records.LicenseCurrentRecord;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** Reads licences of the settlement chain with all that belongs to them. */
final class Publishers {
  private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);

  private final Heads heads;
  private final Address paymentProcessor;
  private final Hash vaultInitCodeHash;

  Publishers(Heads heads, Address paymentProcessor, Hash vaultInitCodeHash) {
    this.heads = requireNonNull(heads, "heads is null");
    this.paymentProcessor = requireNonNull(paymentProcessor, "paymentProcessor is null");
    this.vaultInitCodeHash = requireNonNull(vaultInitCodeHash, "vaultInitCodeHash is null");
  }

  /** A licence; empty if it was never minted. */
  Optional<Publisher> find(DSLContext tx, LicenseId license) {
    return Optional.ofNullable(load(tx, List.of(license.value())).get(license.value()));
  }

  /**
   * The holder of a licence.
   *
   * @throws ApiException if it was never minted
   */
  Address requireHolder(DSLContext tx, LicenseId license) {
    Address holder =
        tx.select(LICENSE_CURRENT.HOLDER)
            .from(LICENSE_CURRENT)
            .where(LICENSE_CURRENT.CHAIN_ID.eq(heads.settlement().value()))
            .and(LICENSE_CURRENT.LICENSE_ID.eq(license.value()))
            .fetchOne(LICENSE_CURRENT.HOLDER);
    if (holder == null) {
      throw ApiException.notFound("licence " + license);
    }
    return holder;
  }

  /** Who claims a domain: licence ids, and which one of them is verified. */
  DomainClaims claims(DSLContext tx, String domain) {
    Map<Long, Boolean> verified =
        tx.select(DOMAIN_CURRENT.LICENSE_ID, DOMAIN_CURRENT.VERIFIED)
            .from(DOMAIN_CURRENT)
            .where(DOMAIN_CURRENT.CHAIN_ID.eq(heads.settlement().value()))
            .and(DOMAIN_CURRENT.DOMAIN_HASH.eq(WireIds.domainHash(domain)))
            .fetchMap(DOMAIN_CURRENT.LICENSE_ID, DOMAIN_CURRENT.VERIFIED);
    Optional<LicenseId> holder =
        verified.entrySet().stream()
            .filter(Map.Entry::getValue)
            .map(entry -> LicenseId.of(entry.getKey()))
            .findFirst();
    return new DomainClaims(!verified.isEmpty(), holder);
  }

  /**
   * Claims to one domain.
   *
   * @param any whether there is a claim, verified or not
   * @param verified the licence whose claim is verified
   */
  record DomainClaims(boolean any, Optional<LicenseId> verified) {}

  /** Ids of licences with a verified domain that contains a text, ascending from above an id. */
  List<Long> list(DSLContext tx, String domainPart, long after, int limit) {
    return tx.selectDistinct(DOMAIN_CURRENT.LICENSE_ID)
        .from(DOMAIN_CURRENT)
        .where(DOMAIN_CURRENT.CHAIN_ID.eq(heads.settlement().value()))
        .and(DOMAIN_CURRENT.VERIFIED.isTrue())
        .and(DOMAIN_CURRENT.LICENSE_ID.gt(after))
        .and(domainPart.isEmpty() ? DSL.noCondition() : DOMAIN_CURRENT.DOMAIN.contains(domainPart))
        .orderBy(DOMAIN_CURRENT.LICENSE_ID)
        .limit(limit)
        .fetch(DOMAIN_CURRENT.LICENSE_ID);
  }

  /** Licences by id; those that were never minted are left out. */
  Map<Long, Publisher> load(DSLContext tx, Collection<Long> ids) {
    long chain = heads.settlement().value();
    Map<Long, List<String>> domains =
        tx.select(DOMAIN_CURRENT.LICENSE_ID, DOMAIN_CURRENT.DOMAIN)
            .from(DOMAIN_CURRENT)
            .where(DOMAIN_CURRENT.CHAIN_ID.eq(chain))
            .and(DOMAIN_CURRENT.LICENSE_ID.in(ids))
            .and(DOMAIN_CURRENT.VERIFIED.isTrue())
            .orderBy(DOMAIN_CURRENT.DOMAIN)
            .fetchGroups(DOMAIN_CURRENT.LICENSE_ID, DOMAIN_CURRENT.DOMAIN);
    Map<Long, Hash> terms =
        tx.select(POLICY_CURRENT.LICENSE_ID, POLICY_CURRENT.POLICY_HASH)
            .from(POLICY_CURRENT)
            .where(POLICY_CURRENT.LICENSE_ID.in(ids))
            .fetchMap(POLICY_CURRENT.LICENSE_ID, POLICY_CURRENT.POLICY_HASH);
    Map<Long, List<LinkedLicense>> links = links(tx, ids);
    Map<Long, Publisher> found = new HashMap<>();
    tx.selectFrom(LICENSE_CURRENT)
        .where(LICENSE_CURRENT.CHAIN_ID.eq(chain))
        .and(LICENSE_CURRENT.LICENSE_ID.in(ids))
        .forEach(row -> {
          Publisher.Builder publisher = publisher(row);
          publisher.addAllDomains(domains.getOrDefault(row.getLicenseId(), List.of()));
          publisher.addAllLinked(links.getOrDefault(row.getLicenseId(), List.of()));
          Hash hash = terms.get(row.getLicenseId());
          publisher.setTermsHash(hash == null ? "" : hash.toString());
          found.put(row.getLicenseId(), publisher.build());
        });
    return found;
  }

  private Publisher.Builder publisher(LicenseCurrentRecord row) {
    LicenseId license = LicenseId.of(row.getLicenseId());
    Address payout = row.get(LICENSE_CURRENT.PAYOUT);
    return Publisher.newBuilder()
        .setLicenseId(license.toString())
        .setHolder(row.getHolder().toString())
        .setPayout(payout == null ? "" : payout.toString())
        .setVault(
            WireIds.vaultAddress(paymentProcessor, heads.settlement(), license, vaultInitCodeHash)
                .toString())
        .setActive(row.getActive())
        .setSuspended(row.getSuspended())
        .setTermsUri(row.getTermsUri());
  }

  private record Link(long chain, long license, long otherChain, long otherLicense) {
    Link turned() {
      return new Link(otherChain, otherLicense, chain, license);
    }
  }

  /** Links that both licences name. */
  private Map<Long, List<LinkedLicense>> links(DSLContext tx, Collection<Long> ids) {
    Set<Link> named = linksOf(tx, heads.settlement(), ids);
    Set<Link> back = new HashSet<>();
    for (ChainId chain : heads.chains()) {
      List<Long> others =
          named.stream()
              .filter(link -> link.otherChain() == chain.value())
              .map(Link::otherLicense)
              .toList();
      if (!others.isEmpty()) {
        back.addAll(linksOf(tx, chain, others));
      }
    }
    Map<Long, List<LinkedLicense>> links = new HashMap<>();
    named.stream()
        .filter(link -> back.contains(link.turned()))
        .sorted(Comparator.comparingLong(Link::otherChain))
        .forEach(link ->
            links
                .computeIfAbsent(link.license(), _ -> new ArrayList<>())
                .add(
                    LinkedLicense.newBuilder()
                        .setChainId(link.otherChain())
                        .setLicenseId(Long.toString(link.otherLicense()))
                        .build()));
    return links;
  }

  /** Where licences of a chain point to; what no chain of ours can hold is left out. */
  private static Set<Link> linksOf(DSLContext tx, ChainId chain, Collection<Long> ids) {
    Set<Link> links = new HashSet<>();
    tx.selectFrom(LICENSE_LINK_CURRENT)
        .where(LICENSE_LINK_CURRENT.CHAIN_ID.eq(chain.value()))
        .and(LICENSE_LINK_CURRENT.LICENSE_ID.in(ids))
        .and(LICENSE_LINK_CURRENT.OTHER_LICENSE_ID.between(BigInteger.ONE, LARGEST))
        .and(LICENSE_LINK_CURRENT.OTHER_CHAIN_ID.between(BigInteger.ONE, LARGEST))
        .forEach(row ->
            links.add(
                new Link(
                    row.getChainId(),
                    row.getLicenseId(),
                    row.getOtherChainId().longValueExact(),
                    row.getOtherLicenseId().longValueExact())));
    return links;
  }
}
