package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import network.tachi.contracts.wire.UsageAttestation;

/**
 * An entry of the log, and when it was admitted.
 *
 * @param leaf the entry
 * @param at the timestamp of the newest indexed block by which it was admitted, also if it was
 *     sequenced again since; 0 if that is not known
 */
record Admitted(UsageAttestation leaf, long at) {
  Admitted {
    requireNonNull(leaf, "leaf is null");
  }
}
