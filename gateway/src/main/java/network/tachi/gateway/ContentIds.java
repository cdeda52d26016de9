package network.tachi.gateway;

import static java.util.Objects.requireNonNull;
import static network.tachi.store.jooq.gateway.Tables.CONTENT_SALT;

import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.store.Database;

/**
 * Names content in the log without telling its URL: a hash salted with a secret of the licence
 * (wire.md section 1).
 */
final class ContentIds {
  private final Database database;
  private final SecureRandom random;
  private final Map<LicenseId, Hash> salts = new ConcurrentHashMap<>();

  ContentIds(Database database, SecureRandom random) {
    this.database = requireNonNull(database, "database is null");
    this.random = requireNonNull(random, "random is null");
  }

  /** The content id of a URL. */
  Hash of(LicenseId licenseId, String url) {
    return WireIds.contentId(salts.computeIfAbsent(licenseId, this::salt), url);
  }

  /** 32 random bytes. */
  Hash draw() {
    byte[] bytes = new byte[Hash.SIZE];
    random.nextBytes(bytes);
    return Hash.of(bytes);
  }

  private Hash salt(LicenseId licenseId) {
    return database.transaction(tx -> {
      int drawn =
          tx.insertInto(CONTENT_SALT)
              .set(CONTENT_SALT.LICENSE_ID, licenseId.value())
              .set(CONTENT_SALT.SALT, draw())
              .onConflictDoNothing()
              .execute();
      return tx.select(CONTENT_SALT.SALT)
          .from(CONTENT_SALT)
          .where(CONTENT_SALT.LICENSE_ID.eq(licenseId.value()))
          .fetchOptional(CONTENT_SALT.SALT)
          .orElseThrow(() ->
              new IllegalStateException(
                  "salt of licence " + licenseId + " vanished, drawn " + drawn));
    });
  }
}
