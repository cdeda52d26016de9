package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;

/** The vaults of licences, deployed or not, and the licences of vaults. */
final class Vaults {
  private final Settlement settlement;
  private final Hash initCodeHash;
  private final Sites sites;
  private final Map<LicenseId, Address> byLicense = new ConcurrentHashMap<>();
  private final Map<Address, LicenseId> byVault = new ConcurrentHashMap<>();

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

  /** The licence whose vault this is. */
  Optional<LicenseId> licenseOf(Address vault) {
    if (!byVault.containsKey(vault)) {
      sites.licenses().forEach(this::of);
    }
    return Optional.ofNullable(byVault.get(vault));
  }
}
