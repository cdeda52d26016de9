package network.tachi.evm.rpc;

import java.util.List;
import java.util.StringJoiner;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;

/**
 * Which logs to get.
 *
 * @param blocks of which blocks
 * @param addresses of which contracts; all if empty
 * @param topics for each position the topics that may stand there; any if empty
 */
public record LogFilter(Blocks blocks, List<Address> addresses, List<List<Hash>> topics) {
  /** Copies the lists. */
  public LogFilter {
    addresses = List.copyOf(addresses);
    topics = topics.stream().map(List::copyOf).toList();
  }

  /** Of which blocks logs are wanted. */
  public sealed interface Blocks {
    /**
     * The block of a hash.
     *
     * @param hash the hash
     */
    record One(Hash hash) implements Blocks {}

    /**
     * All blocks from one to another, both included.
     *
     * @param from the first
     * @param to the last
     */
    record Range(BlockRef from, BlockRef to) implements Blocks {}
  }

  /** The logs of one block, by these contracts. */
  public static LogFilter block(Hash hash, List<Address> addresses) {
    return new LogFilter(new Blocks.One(hash), addresses, List.of());
  }

  /** The logs of the blocks from one number to another, both included, by these contracts. */
  public static LogFilter range(long from, long to, List<Address> addresses) {
    return new LogFilter(
        new Blocks.Range(BlockRef.number(from), BlockRef.number(to)), addresses, List.of());
  }

  /** This filter, narrowed to logs whose first topic is one of these; any, or none, if empty. */
  public LogFilter withTopic0(List<Hash> topic0) {
    // A position in which anything may stand would still leave out logs without topics.
    return new LogFilter(blocks, addresses, topic0.isEmpty() ? List.of() : List.of(topic0));
  }

  /** The JSON parameter. */
  String toJson() {
    StringJoiner out = Json.object();
    switch (blocks) {
      case Blocks.One one -> out.add(Json.member("blockHash", Json.plain(one.hash())));
      case Blocks.Range range ->
          out.add(Json.member("fromBlock", range.from().toJson()))
              .add(Json.member("toBlock", range.to().toJson()));
    }
    if (!addresses.isEmpty()) {
      out.add(Json.member("address", Json.array(addresses.stream().map(Json::plain).toList())));
    }
    if (!topics.isEmpty()) {
      out.add(Json.member("topics", Json.array(topics.stream().map(LogFilter::position).toList())));
    }
    return out.toString();
  }

  private static String position(List<Hash> topics) {
    return topics.isEmpty() ? "null" : Json.array(topics.stream().map(Json::plain).toList());
  }
}
