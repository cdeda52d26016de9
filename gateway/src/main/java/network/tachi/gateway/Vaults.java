package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;

/** The vaults of licences, deployed or not, and the licences of vaults. */
final class Vaults {
  /** Whoever asks for vaults that nobody has must not make us list all licences each time. */
  private static final long LOOK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Settlement settlement;
  private final Hash initCodeHash;
  private final Sites sites;
  private final Map<LicenseId, Address> byLicense = new ConcurrentHashMap<>();
  private final Map<Address, LicenseId> byVault = new ConcurrentHashMap<>();
  private final AtomicLong lookedAt = new AtomicLong(System.nanoTime() - 2 * LOOK_AGAIN_NANOS);

  /**
   * Creates the table.
   *
   * @param initCodeHash as the PaymentProcessor gives it
   */
  Vaults(Settlement settlement, Hash initCodeHash, Sites sites) {
    this.settlement = requireNonNull(settlement, "settlement is null");
    this.initCodeHash = requireNonNull(initCodeHash, "initCodeHash is null");
    this.sites = requireNonNull(sites, "sites is null");
  }

  Address of(LicenseId licenseId) {
    return byLicense.computeIfAbsent(
        licenseId,
        id -> {
          Address vault =
              WireIds.vaultAddress(
                  settlement.paymentProcessor(), settlement.chain(), id, initCodeHash);
          byVault.put(vault, id);
          return vault;
        });
  }

  /** The licence whose vault this is; a new licence is known after a second. */
  Optional<LicenseId> licenseOf(Address vault) {
    long now = System.nanoTime();
    long last = lookedAt.get();
    if (!byVault.containsKey(vault)
        && now - last > LOOK_AGAIN_NANOS
        && lookedAt.compareAndSet(last, now)) {
      sites.licenses().forEach(this::of);
    }
    return Optional.ofNullable(byVault.get(vault));
  }
}
