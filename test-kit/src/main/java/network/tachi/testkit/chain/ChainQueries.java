package network.tachi.testkit.chain;

import java.util.List;
import java.util.Optional;
import network.tachi.evm.Hash;
import network.tachi.evm.Hex;
import network.tachi.testkit.chain.ReplayNode.View;
import tools.jackson.databind.JsonNode;

/** Reads of a chain as a node with a given head answers them. */
final class ChainQueries {
  private final ReplayNode node;
  private final GeneratedChain chain;
  private final BlockJson json;

  ChainQueries(ReplayNode node) {
    this.node = node;
    this.chain = node.chain();
    this.json = new BlockJson(chain);
  }

  /** The node answers with an error. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }

  /** The block of a number or tag; empty above the head. */
  Optional<Tip> byNumber(View view, String reference) {
    long number = number(view, reference);
    return number > view.head().number() ? Optional.empty() : Optional.of(view.head().at(number));
  }

  private static long number(View view, String reference) {
    return switch (reference) {
      case "latest", "pending" -> view.head().number();
      case "safe" -> view.safe();
      case "finalized" -> view.finalized();
      case "earliest" -> 0;
      default -> Hex.parseQuantity("block number", reference);
    };
  }

  /** The block of a hash, on whatever fork, if the node has it. */
  Optional<Tip> byHash(Hash hash) {
    return chain.block(hash).filter(tip -> node.knows(tip.block()));
  }

  /** The block of a number, tag, hash, or object with one of these. */
  Optional<Tip> byReference(View view, JsonNode reference) {
    if (reference.isObject()) {
      return reference.has("blockHash")
          ? byHash(Hash.parse(reference.path("blockHash").asString()))
          : byNumber(view, reference.path("blockNumber").asString());
    }
    String text = reference.asString();
    return text.length() == 2 + 2 * Hash.SIZE ? byHash(Hash.parse(text)) : byNumber(view, text);
  }

  void block(JsonBytes out, Optional<Tip> tip, boolean full) {
    tip.ifPresentOrElse(found -> json.block(out, found, full), out::nothing);
  }

  void receipts(JsonBytes out, Optional<Tip> tip) {
    tip.ifPresentOrElse(found -> json.receipts(out, found), out::nothing);
  }

  void receipt(JsonBytes out, View view, Hash transaction) {
    mined(view, transaction)
        .ifPresentOrElse(
            found -> json.receipt(out, found.block(), found.transaction()), out::nothing);
  }

  void transaction(JsonBytes out, View view, Hash transaction) {
    mined(view, transaction)
        .ifPresentOrElse(
            found -> json.transaction(out, found.block(), found.transaction()), out::nothing);
  }

  private record Mined(ChainBlock block, BodyTransaction transaction) {}

  private Optional<Mined> mined(View view, Hash transaction) {
    return chain.blocksOf(transaction).stream()
        .filter(tip -> view.head().contains(tip.block()))
        .flatMap(tip ->
            chain.body(tip).transactions().stream()
                .filter(each -> each.hash().equals(transaction))
                .map(each -> new Mined(tip.block(), each)))
        .findFirst();
  }

  void logs(JsonBytes out, View view, JsonNode filter) {
    LogQuery query = LogQuery.read(filter);
    out.beginArray();
    if (filter.has("blockHash")) {
      Tip tip =
          byHash(Hash.parse(filter.path("blockHash").asString()))
              .orElseThrow(() -> new Refused("unknown block"));
      logs(out, tip, query);
    } else {
      long from = number(view, filter.path("fromBlock").asString("latest"));
      long to = number(view, filter.path("toBlock").asString("latest"));
      if (from > to) {
        throw new Refused("invalid block range params");
      }
      for (long number = from; number <= Math.min(to, view.head().number()); number++) {
        if (query.mayBeIn(view.head().block(number).logsBloom())) {
          logs(out, view.head().at(number), query);
        }
      }
    }
    out.endArray();
  }

  private void logs(JsonBytes out, Tip tip, LogQuery query) {
    List<BodyTransaction> transactions = chain.body(tip).transactions();
    transactions.forEach(each -> json.logs(out, tip.block(), each, query::matches));
  }
}
