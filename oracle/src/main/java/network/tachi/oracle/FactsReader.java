package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.oracle.IntakeFacts.KnownPayment;
import network.tachi.oracle.IntakeFacts.LicenseState;
import network.tachi.oracle.IntakeFacts.PublishedTerms;
import org.jooq.DSLContext;

/**
 * Reads what the rules of intake may know: the views of the other schemas, and receipts for what
 * they don't have yet.
 */
final class FactsReader {
  private final OracleStore store;
  private final LogTable log;
  private final ChainId settlementChain;
  private final VoucherSigners signers;
  private final PaymentEvidence evidence;

  FactsReader(
      OracleStore store,
      LogTable log,
      ChainId settlementChain,
      VoucherSigners signers,
      PaymentEvidence evidence) {
    this.store = requireNonNull(store, "store is null");
    this.log = requireNonNull(log, "log is null");
    this.settlementChain = requireNonNull(settlementChain, "settlementChain is null");
    this.signers = requireNonNull(signers, "signers is null");
    this.evidence = requireNonNull(evidence, "evidence is null");
  }

  /** The entries that the log holds already, by key. */
  Map<EntryKey, LogTable.Entry> logged(Collection<PaidRequest> requests) {
    List<EntryKey> keys = requests.stream().map(PaidRequest::key).distinct().toList();
    return store.read(tx -> log.find(tx, keys));
  }

  /** Where a pair stands; new if it has neither entries nor vouchers. */
  PairState pair(PairKey key) {
    return store.read(tx -> signers.pairs(tx, List.of(key)).getOrDefault(key, PairState.NEW));
  }

  /** The policies in force, by licence. */
  SortedMap<LicenseId, Hash> policiesInForce(DSLContext tx) {
    SortedMap<LicenseId, Hash> policies = new TreeMap<>();
    tx.fetch("SELECT license_id, policy_hash FROM account.policy_current")
        .forEach(row -> policies.put(Rows.license(row), Rows.hash(row, "policy_hash")));
    return policies;
  }

  /** What there is to know about these requests. */
  IntakeFacts read(Collection<PaidRequest> requests) {
    Long[] licenses =
        requests.stream()
            .map(request -> request.service().licenseId().value())
            .distinct()
            .toArray(Long[]::new);
    byte[][] crawlers =
        requests.stream()
            .filter(CreditRequest.class::isInstance)
            .map(request -> request.service().crawler())
            .distinct()
            .map(Address::toBytes)
            .toArray(byte[][]::new);
    List<DirectRequest> direct =
        requests.stream()
            .filter(DirectRequest.class::isInstance)
            .map(DirectRequest.class::cast)
            .filter(request -> request.chain().equals(settlementChain))
            .toList();
    IntakeFacts indexed =
        store.read(tx ->
            new IntakeFacts(
                settlementChain,
                licenses(tx, licenses),
                signers.of(tx, crawlers),
                terms(tx, licenses),
                payments(tx, direct)));
    return withEvidence(indexed, direct);
  }

  private Map<LicenseId, LicenseState> licenses(DSLContext tx, Long[] ids) {
    Map<LicenseId, LicenseState> licenses = new HashMap<>();
    tx.fetch(
            """
            SELECT l.license_id, l.active, l.suspended, EXISTS (
              SELECT FROM chain.domain_current d
              WHERE d.chain_id = l.chain_id AND d.license_id = l.license_id AND d.verified) AS verified
            FROM chain.license_current l WHERE l.chain_id = ? AND l.license_id = ANY (?::bigint[])
            """,
            settlementChain.value(),
            ids)
        .forEach(row ->
            licenses.put(
                Rows.license(row),
                new LicenseState(
                    row.get("active", Boolean.class),
                    row.get("suspended", Boolean.class),
                    row.get("verified", Boolean.class))));
    return licenses;
  }

  private static Set<PublishedTerms> terms(DSLContext tx, Long[] licenses) {
    Set<PublishedTerms> terms = new HashSet<>();
    tx.fetch(
            "SELECT license_id, policy_hash FROM account.policy_history WHERE license_id = ANY"
                + " (?::bigint[])",
            (Object) licenses)
        .forEach(
            row -> terms.add(new PublishedTerms(Rows.license(row), Rows.hash(row, "policy_hash"))));
    return terms;
  }

  private Map<Hash, KnownPayment> payments(DSLContext tx, List<DirectRequest> direct) {
    Map<Hash, KnownPayment> payments = new HashMap<>();
    if (!direct.isEmpty()) {
      tx.fetch(
              """
              SELECT payment_id, license_id, payer, amount FROM chain.payment_current
              WHERE chain_id = ? AND payment_id = ANY (?::bytea[])
              """,
              settlementChain.value(),
              direct.stream().map(request -> request.paymentId().toBytes()).toArray(byte[][]::new))
          .forEach(row ->
              payments.put(
                  Rows.hash(row, "payment_id"),
                  new KnownPayment(
                      Rows.license(row), Rows.address(row, "payer"), Rows.amount(row, "amount"))));
    }
    return payments;
  }

  private IntakeFacts withEvidence(IntakeFacts indexed, List<DirectRequest> direct) {
    Map<Hash, KnownPayment> payments = new HashMap<>(indexed.payments());
    for (DirectRequest request : direct) {
      if (!payments.containsKey(request.paymentId())) {
        Optional<KnownPayment> found = evidence.find(request);
        found.ifPresent(payment -> payments.put(request.paymentId(), payment));
      }
    }
    return new IntakeFacts(
        settlementChain, indexed.licenses(), indexed.signers(), indexed.terms(), payments);
  }
}
