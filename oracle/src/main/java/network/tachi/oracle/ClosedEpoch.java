package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import network.tachi.contracts.wire.Committed;
import network.tachi.contracts.wire.EpochBody;
import network.tachi.contracts.wire.EpochHeader;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;

/**
 * An epoch whose header is fixed.
 *
 * @param committed the header that the signers sign, and the body it commits to
 * @param rules the policies in force, as the rules hash covers them
 */
record ClosedEpoch(Committed committed, SortedMap<LicenseId, Hash> rules) {
  ClosedEpoch {
    requireNonNull(committed, "committed is null");
    rules = Collections.unmodifiableSortedMap(new TreeMap<>(rules));
    if (!committed.body().rulesHash().equals(WireIds.rulesHash(rules))) {
      throw new IllegalArgumentException(
          "rules of epoch " + committed.header().epoch() + " differ from their hash");
    }
  }

  /** What the signers sign. */
  EpochHeader header() {
    return committed.header();
  }

  /** What the header commits to. */
  EpochBody body() {
    return committed.body();
  }

  /** The epoch's number, from 1. */
  long number() {
    return header().epoch();
  }

  /** The hash the next header chains to. */
  Hash headerHash() {
    return header().structHash();
  }
}
