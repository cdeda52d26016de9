package network.tachi.queryapi;

import static network.tachi.store.jooq.chain.Tables.HEAD;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import network.tachi.chainconfig.ChainSettings;
import network.tachi.chainconfig.Network;
import network.tachi.evm.ChainId;
import network.tachi.proto.v1.AsOf;
import network.tachi.proto.v1.Finality;
import network.tachi.server.ApiError;
import network.tachi.server.ApiException;
import org.jooq.DSLContext;

/** The chains of the network, and up to which block the snapshot of an answer has them. */
final class Heads {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final ChainId settlement;
  private final ChainId anchor;
  private final Set<ChainId> chains = new TreeSet<>();

  Heads(Network network) {
    this.settlement = network.settlement().chain();
    this.anchor = network.anchor().chain();
    network.chains().stream().map(ChainSettings::chain).forEach(chains::add);
  }

  /** The chain that carries licences, credits and claims. */
  ChainId settlement() {
    return settlement;
  }

  /** The chain that carries the anchored headers. */
  ChainId anchor() {
    return anchor;
  }

  /** All chains of the network. */
  Set<ChainId> chains() {
    return chains;
  }

  /**
   * The chain that a request names.
   *
   * @throws ApiException if the network has no such chain
   */
  ChainId chain(long id) {
    if (id <= 0 || !chains.contains(ChainId.of(id))) {
      throw ApiException.notFound("chain " + Long.toUnsignedString(id));
    }
    return ChainId.of(id);
  }

  /** The same; 0 stands for the settlement chain. */
  ChainId chainOrSettlement(long id) {
    return id == 0 ? settlement : chain(id);
  }

  /** The settlement chain's head in this snapshot. */
  AsOf asOf(DSLContext tx) {
    return asOf(tx, settlement);
  }

  /**
   * A chain's head in this snapshot: rows above it do not exist, as rows and head are committed
   * together.
   *
   * @throws ApiException if nothing of the chain is indexed yet
   */
  AsOf asOf(DSLContext tx, ChainId chain) {
    var head = tx.selectFrom(HEAD).where(HEAD.CHAIN_ID.eq(chain.value())).fetchOne();
    if (head == null) {
      throw ApiException.of(
          ApiError.of(QueryErrors.NOT_INDEXED, "no block of chain " + chain + " is indexed yet")
              .withRetryAfter(RETRY));
    }
    long number = head.getHeadNumber();
    Finality finality =
        number <= head.getFinalizedNumber()
            ? Finality.FINALIZED
            : number <= head.getSafeNumber() ? Finality.SAFE : Finality.UNSAFE;
    return AsOf.newBuilder()
        .setChainId(chain.value())
        .setBlockNumber(number)
        .setBlockHash(head.getHeadHash().toString())
        .setFinality(finality)
        .build();
  }
}
