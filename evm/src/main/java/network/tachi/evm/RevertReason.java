package network.tachi.evm;

import java.math.BigInteger;

/** Why a call reverted, as its return data says. */
public sealed interface RevertReason {
  /**
   * {@code revert("...")} or a failed {@code require} with a message.
   *
   * @param message the message
   */
  record Message(String message) implements RevertReason {
    @Override
    public String toString() {
      return message;
    }
  }

  /**
   * A failed check of the compiler, such as an arithmetic overflow.
   *
   * @param code Solidity's panic code
   */
  record Panic(BigInteger code) implements RevertReason {
    @Override
    public String toString() {
      return "panic 0x" + code.toString(16);
    }
  }

  /**
   * A custom error; {@link AbiReader#afterSelector} reads its arguments.
   *
   * @param selector which error
   * @param data selector and arguments
   */
  record Custom(Selector selector, Bytes data) implements RevertReason {
    @Override
    public String toString() {
      return "custom error " + data;
    }
  }

  /**
   * Data without a readable reason.
   *
   * @param data the data; mostly empty
   */
  record Unknown(Bytes data) implements RevertReason {
    @Override
    public String toString() {
      return data.isEmpty() ? "no reason given" : "unknown reason " + data;
    }
  }

  /**
   * Reads return data; whatever cannot be read is {@link Unknown} or {@link Custom}, never an
   * exception.
   */
  static RevertReason decode(Bytes data) {
    if (data.size() < Selector.SIZE) {
      return new Unknown(data);
    }
    Selector selector = Selector.read(data);
    try {
      if (selector.equals(RevertSelectors.ERROR)) {
        return new Message(AbiReader.afterSelector(data).string(0));
      }
      if (selector.equals(RevertSelectors.PANIC)) {
        return new Panic(AbiReader.afterSelector(data).uint(0));
      }
    } catch (AbiException _) {
      return new Unknown(data);
    }
    return new Custom(selector, data);
  }
}
