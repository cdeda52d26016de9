package network.tachi.tx;

import java.util.function.Consumer;

/** Tells what a step changes, at once, and keeps what it found wrong. */
final class StepReport {
  private final Consumer<TxName> listener;
  private String trouble = "";

  /**
   * A report of one step.
   *
   * @param listener hears of each change after it is committed
   */
  StepReport(Consumer<TxName> listener) {
    this.listener = listener;
  }

  void changed(TxName name) {
    listener.accept(name);
  }

  /** Something is wrong; the first one is kept. */
  void trouble(String what) {
    if (trouble.isEmpty()) {
      trouble = what;
    }
  }

  /** What is wrong; empty if nothing is. */
  String trouble() {
    return trouble;
  }
}
