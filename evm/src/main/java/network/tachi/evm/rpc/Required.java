package network.tachi.evm.rpc;

import network.tachi.evm.InvalidValueException;
import org.jspecify.annotations.Nullable;

/** Insists on members of an answer. */
final class Required {
  private Required() {}

  /** The value, which must have been there. */
  static <T> T of(String member, @Nullable T value) {
    if (value == null) {
      throw new InvalidValueException(member, "a value", "none");
    }
    return value;
  }
}
