package network.tachi.contracts.wire;

import java.util.Optional;

/** How a request was paid (wire.md section 3). */
public enum Rail {
  /** Paid on chain for this request alone. */
  DIRECT(1),
  /** Charged to the crawler's voucher. */
  CREDIT(2);

  private final int code;

  Rail(int code) {
    this.code = code;
  }

  /** The number in {@code UsageAttestation.rail}. */
  public int code() {
    return code;
  }

  /** The rail of a number; empty if there is none. */
  public static Optional<Rail> of(int code) {
    return switch (code) {
      case 1 -> Optional.of(DIRECT);
      case 2 -> Optional.of(CREDIT);
      default -> Optional.empty();
    };
  }
}
