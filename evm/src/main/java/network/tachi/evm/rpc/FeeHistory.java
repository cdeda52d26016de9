package network.tachi.evm.rpc;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import network.tachi.evm.InvalidValueException;
import org.jspecify.annotations.Nullable;

/**
 * Fees of the last blocks.
 *
 * @param oldestBlock the first block told of
 * @param baseFeePerGas wei, one for each block and one for the next
 * @param gasUsedRatio how full each block was, 0 to 1
 * @param rewards for each block, priority fees in wei at the percentiles asked for
 */
public record FeeHistory(
    long oldestBlock,
    List<BigInteger> baseFeePerGas,
    List<Double> gasUsedRatio,
    List<List<BigInteger>> rewards) {
  /** Copies the lists. */
  public FeeHistory {
    if (baseFeePerGas.isEmpty()) {
      throw new InvalidValueException("baseFeePerGas", "at least one", "none");
    }
    baseFeePerGas = List.copyOf(baseFeePerGas);
    gasUsedRatio = List.copyOf(gasUsedRatio);
    rewards = rewards.stream().map(List::copyOf).toList();
  }

  /** The base fee of the next block, in wei. */
  public BigInteger nextBaseFee() {
    return baseFeePerGas.getLast();
  }

  static FeeHistory read(JsonInput in) {
    Members members = new Members();
    in.object("feeHistory", members::member);
    return new FeeHistory(
        Required.of("oldestBlock", members.oldestBlock),
        Required.of("baseFeePerGas", members.baseFeePerGas),
        members.gasUsedRatio,
        members.rewards);
  }

  private static final class Members {
    private @Nullable Long oldestBlock;
    private @Nullable List<BigInteger> baseFeePerGas;
    private List<Double> gasUsedRatio = new ArrayList<>();
    private List<List<BigInteger>> rewards = new ArrayList<>();

    private void member(String name, JsonInput in) {
      if (in.isNull()) {
        return;
      }
      switch (name) {
        case "oldestBlock" -> oldestBlock = in.quantity(name);
        case "baseFeePerGas" -> baseFeePerGas = in.array(name, item -> item.bigQuantity(name));
        case "gasUsedRatio" -> gasUsedRatio = in.array(name, item -> item.decimal(name));
        case "reward" ->
            rewards = in.array(name, row -> row.array(name, item -> item.bigQuantity(name)));
        default -> {}
      }
    }
  }
}
