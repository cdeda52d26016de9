package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import network.tachi.contracts.wire.UsageAttestation.PairTip;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;

/**
 * Where the chain of one pair stands.
 *
 * @param tip the pair's last entry
 * @param lastVoucher the voucher hash of the last entry; zero before the first
 * @param ceiling highest cumulativeMax among the vouchers the log rests on
 * @param ceilingVoucher the hash of the voucher with that ceiling; zero if there is none
 */
record PairState(PairTip tip, Hash lastVoucher, UsdcAmount ceiling, Hash ceilingVoucher) {
  /** A pair without entries. */
  static final PairState NEW = new PairState(PairTip.NONE, Hash.ZERO, UsdcAmount.ZERO, Hash.ZERO);

  PairState {
    requireNonNull(tip, "tip is null");
    requireNonNull(lastVoucher, "lastVoucher is null");
    requireNonNull(ceiling, "ceiling is null");
    requireNonNull(ceilingVoucher, "ceilingVoucher is null");
  }

  /** What the log charges to the pair so far. */
  UsdcAmount charged() {
    return tip.cumulative();
  }

  /** The state after a voucher was seen: the ceiling rises if the voucher's is higher. */
  PairState seen(Hash voucher, UsdcAmount cumulativeMax) {
    return cumulativeMax.compareTo(ceiling) > 0
        ? new PairState(tip, lastVoucher, cumulativeMax, voucher)
        : this;
  }

  /** The state after an entry. */
  PairState after(PairTip next, Hash voucher) {
    return new PairState(next, voucher, ceiling, ceilingVoucher);
  }
}
