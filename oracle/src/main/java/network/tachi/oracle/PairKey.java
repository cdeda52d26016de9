package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import network.tachi.evm.Address;
import network.tachi.evm.LicenseId;

/** The two parties of a pair chain; ordered as the data commitment of wire.md section 3 is. */
record PairKey(LicenseId licenseId, Address crawler) implements Comparable<PairKey> {
  private static final Comparator<PairKey> ORDER =
      Comparator.comparing(PairKey::licenseId).thenComparing(PairKey::crawler);

  PairKey {
    requireNonNull(licenseId, "licenseId is null");
    requireNonNull(crawler, "crawler is null");
  }

  @Override
  public int compareTo(PairKey other) {
    return ORDER.compare(this, other);
  }
}
