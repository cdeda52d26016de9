package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import network.tachi.evm.ChainId;
import org.jooq.DSLContext;

/**
 * How old the newest indexed block of the settlement chain is. Deposits, withdrawals and signers
 * are known up to that block only. It is compared with the clock and not with the chain's head: a
 * node that stands still looks healthy by its own head.
 */
final class IndexAge {
  /** The age of an index that holds no block. */
  static final Duration NEVER = Duration.ofSeconds(Long.MAX_VALUE);

  private final ChainId chain;
  private final InstantSource clock;

  IndexAge(ChainId chain, InstantSource clock) {
    this.chain = requireNonNull(chain, "chain is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /** The newest indexed block, in the caller's transaction. */
  IndexHead read(DSLContext tx) {
    return tx.fetchOptional(
            "SELECT head_timestamp FROM chain.head WHERE chain_id = ?", chain.value())
        .map(row -> Rows.number(row, "head_timestamp"))
        .map(time ->
            new IndexHead(Duration.between(Instant.ofEpochSecond(time), clock.instant()), time))
        .orElse(new IndexHead(NEVER, 0));
  }

  /** An age in words. */
  static String describe(Duration age) {
    return age.equals(NEVER)
        ? "nothing is indexed"
        : "the newest indexed block is " + age.toSeconds() + " s old";
  }
}
