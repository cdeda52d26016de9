package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;

/**
 * What log and index say of the parties of one batch before it is drafted.
 *
 * @param pairs the state of the pairs in the batch that have one
 * @param credits what is left of each crawler's deposit; nothing if absent
 * @param usedPayments payments of the batch that the log holds already
 * @param endedVouchers vouchers of the batch by signers whose word counts no more
 * @param index the newest block that all this was read at
 * @param waiting by that block, how long the oldest entry waits that no epoch covers
 */
record Standing(
    Map<PairKey, PairState> pairs,
    Map<Address, UsdcAmount> credits,
    Set<Hash> usedPayments,
    Set<Hash> endedVouchers,
    IndexHead index,
    Duration waiting) {
  Standing {
    pairs = Map.copyOf(pairs);
    credits = Map.copyOf(credits);
    usedPayments = Set.copyOf(usedPayments);
    endedVouchers = Set.copyOf(endedVouchers);
    requireNonNull(index, "index is null");
    requireNonNull(waiting, "waiting is null");
  }
}
