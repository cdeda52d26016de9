package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import network.tachi.evm.UsdcAmount;
import network.tachi.tx.SendPolicy;

/**
 * How an oracle works; its keys are in {@link OracleKeys}.
 *
 * @param epochLength the least time between two epochs, by the settlement chain's clock
 * @param maxIdle the most time between two epochs when nothing was logged
 * @param tick how often the oracle looks whether there is something to close, post, finalise or
 *     undo
 * @param bondTopUp the least amount that is added to the bond when it no longer covers the growth
 *     of unfinalised headers; zero to leave the bond to the operator
 * @param watermarkDirectory where the signing watermark is kept, apart from the database
 * @param leaseLife how long after its last sign of life another oracle may take over
 * @param maxBatch the most entries that share a commit
 * @param maxQueued the most reports that wait for the sequencer
 * @param maxIndexAge how old the newest indexed block of the settlement chain may be, by the clock,
 *     for requests on credit to be taken; those paid on chain don't mind
 * @param settlementPolicy how hard to try to send on the settlement chain, and for what fees
 * @param anchorPolicy the same for the anchor chain
 */
public record OracleConfig(
    Duration epochLength,
    Duration maxIdle,
    Duration tick,
    UsdcAmount bondTopUp,
    Path watermarkDirectory,
    Duration leaseLife,
    int maxBatch,
    int maxQueued,
    Duration maxIndexAge,
    SendPolicy settlementPolicy,
    SendPolicy anchorPolicy) {
  /** Checks that everything is there and in range. */
  public OracleConfig {
    requirePositive("epochLength", epochLength);
    requirePositive("tick", tick);
    requirePositive("leaseLife", leaseLife);
    requirePositive("maxIndexAge", maxIndexAge);
    requireNonNull(bondTopUp, "bondTopUp is null");
    requireNonNull(watermarkDirectory, "watermarkDirectory is null");
    requireNonNull(settlementPolicy, "settlementPolicy is null");
    requireNonNull(anchorPolicy, "anchorPolicy is null");
    if (maxIdle.compareTo(epochLength) < 0) {
      throw new IllegalArgumentException(
          "maxIdle: expected at least epochLength, found " + maxIdle);
    }
    if (maxBatch < 1 || maxQueued < 1) {
      throw new IllegalArgumentException(
          "maxBatch and maxQueued: expected 1 or more, found " + maxBatch + " and " + maxQueued);
    }
  }

  /**
   * The local network: epochs of 5 s, or 60 s when nothing happens, and a bond of 1,000 USDC at a
   * time.
   */
  public static OracleConfig local(Path watermarkDirectory) {
    return new OracleConfig(
        Duration.ofSeconds(5),
        Duration.ofSeconds(60),
        Duration.ofMillis(250),
        UsdcAmount.parseUsdc("1000"),
        watermarkDirectory,
        Duration.ofSeconds(2),
        5_000,
        1_000,
        Duration.ofMinutes(3),
        SendPolicy.BASE,
        SendPolicy.ETHEREUM);
  }

  /** The same with other times between epochs. */
  public OracleConfig withPace(Duration length, Duration idle) {
    return new OracleConfig(
        length,
        idle,
        tick,
        bondTopUp,
        watermarkDirectory,
        leaseLife,
        maxBatch,
        maxQueued,
        maxIndexAge,
        settlementPolicy,
        anchorPolicy);
  }

  /** The same with another amount that is added to the bond. */
  public OracleConfig withBondTopUp(UsdcAmount amount) {
    return new OracleConfig(
        epochLength,
        maxIdle,
        tick,
        amount,
        watermarkDirectory,
        leaseLife,
        maxBatch,
        maxQueued,
        maxIndexAge,
        settlementPolicy,
        anchorPolicy);
  }

  private static void requirePositive(String name, Duration value) {
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(name + ": expected more than 0, found " + value);
    }
  }
}
