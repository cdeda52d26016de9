package network.tachi.queryapi;

import static network.tachi.store.jooq.account.Tables.POLICY;
import static network.tachi.store.jooq.account.Tables.POLICY_CURRENT;
import static network.tachi.store.jooq.account.Tables.POLICY_HISTORY;

import java.time.Instant;
import java.util.Optional;
import network.tachi.contracts.policy.Policy;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Signature;
import network.tachi.proto.v1.SignedPolicy;
import org.jooq.DSLContext;

/** The policies that publishers have signed, every version kept. */
final class Policies {
  /**
   * A published policy.
   *
   * @param license whose it is
   * @param version counts from 1
   * @param document canonical JSON
   * @param hash of the document
   * @param signer the licence's holder at the time
   * @param signature 65 bytes
   */
  record Stored(
      LicenseId license,
      long version,
      String document,
      Hash hash,
      Address signer,
      Signature signature) {
    Policy policy() {
      return Policy.parse(document);
    }

    SignedPolicy message() {
      return SignedPolicy.newBuilder()
          .setLicenseId(license.toString())
          .setVersion(version)
          .setDocument(document)
          .setPolicyHash(hash.toString())
          .setSigner(signer.toString())
          .setSignature(signature.toString())
          .build();
    }
  }

  /** The newest version; empty if none was published. */
  Optional<Stored> newest(DSLContext tx, LicenseId license) {
    return tx.selectFrom(POLICY_CURRENT)
        .where(POLICY_CURRENT.LICENSE_ID.eq(license.value()))
        .fetchOptional(row ->
            stored(
                license,
                row.getVersion(),
                row.getDocument(),
                row.getPolicyHash(),
                row.getSigner(),
                row.getSignature()));
  }

  /** A version; empty if it was not published. */
  Optional<Stored> find(DSLContext tx, LicenseId license, long version) {
    return tx.selectFrom(POLICY_HISTORY)
        .where(POLICY_HISTORY.LICENSE_ID.eq(license.value()))
        .and(POLICY_HISTORY.VERSION.eq(version))
        .fetchOptional(row ->
            stored(
                license,
                row.getVersion(),
                row.getDocument(),
                row.getPolicyHash(),
                row.getSigner(),
                row.getSignature()));
  }

  private static Stored stored(
      LicenseId license,
      long version,
      String document,
      Hash hash,
      Address signer,
      Bytes signature) {
    return new Stored(
        license, version, document, hash, signer, Signature.fromBytes(signature.toArray()));
  }

  /**
   * Stores a version.
   *
   * @return false if somebody else has stored that version meanwhile
   */
  boolean insert(DSLContext tx, Stored policy, Instant now) {
    return tx.insertInto(POLICY)
            .set(POLICY.LICENSE_ID, policy.license().value())
            .set(POLICY.VERSION, policy.version())
            .set(POLICY.POLICY_HASH, policy.hash())
            .set(POLICY.DOCUMENT, policy.document())
            .set(POLICY.SIGNER, policy.signer())
            .set(POLICY.SIGNATURE, Bytes.of(policy.signature().toBytes()))
            .set(POLICY.VALID_FROM, now)
            .onConflictDoNothing()
            .execute()
        == 1;
  }
}
