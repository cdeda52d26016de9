package network.tachi.testkit;

import java.util.ArrayList;
import java.util.List;
import network.tachi.evm.ChainId;

/**
 * How an anvil is started.
 *
 * @param chain its chain id
 * @param slotsInEpoch {@code safe} lags by this many blocks, {@code finalized} by twice as many
 * @param blockTime seconds between blocks; 0 mines only on a transaction; with a time it mines on
 *     both
 * @param mining false if blocks come only from {@link Anvil#mine}
 */
public record AnvilOptions(ChainId chain, int slotsInEpoch, double blockTime, boolean mining) {
  /** Base Sepolia's chain id, mining at once on a transaction, 32 slots an epoch. */
  public static final AnvilOptions BASE = new AnvilOptions(ChainId.BASE_SEPOLIA, 32, 0, true);

  /** Sepolia's chain id, mining at once on a transaction, 2 slots an epoch. */
  public static final AnvilOptions ETHEREUM = new AnvilOptions(ChainId.SEPOLIA, 2, 0, true);

  /** These options with another number of slots an epoch. */
  public AnvilOptions withSlotsInEpoch(int slots) {
    return new AnvilOptions(chain, slots, blockTime, mining);
  }

  /** These options with a time between blocks. */
  public AnvilOptions withBlockTime(double seconds) {
    return new AnvilOptions(chain, slotsInEpoch, seconds, mining);
  }

  /** These options without mining on a transaction. */
  public AnvilOptions withoutMining() {
    return new AnvilOptions(chain, slotsInEpoch, blockTime, false);
  }

  List<String> arguments() {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--chain-id",
                chain.toString(),
                "--slots-in-an-epoch",
                Integer.toString(slotsInEpoch),
                "--host",
                "127.0.0.1"));
    if (blockTime > 0) {
      arguments.addAll(List.of("--block-time", Double.toString(blockTime), "--mixed-mining"));
    }
    if (!mining) {
      arguments.add("--no-mining");
    }
    return arguments;
  }
}
