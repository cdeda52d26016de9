package network.tachi.testkit.chain;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import tools.jackson.databind.JsonNode;

/**
 * Which logs {@code eth_getLogs} asks for, apart from the blocks.
 *
 * @param addresses the contracts; any if empty
 * @param topics for each position the topics that may stand there; any if empty
 */
record LogQuery(Set<Address> addresses, List<Set<Hash>> topics) {
  static LogQuery read(JsonNode filter) {
    Set<Address> addresses = new HashSet<>();
    alternatives(filter.path("address"))
        .forEach(address -> addresses.add(Address.parse(address.asString())));
    List<Set<Hash>> topics = new ArrayList<>();
    for (JsonNode position : filter.path("topics").values()) {
      Set<Hash> accepted = new HashSet<>();
      alternatives(position).forEach(topic -> accepted.add(Hash.parse(topic.asString())));
      topics.add(accepted);
    }
    return new LogQuery(addresses, topics);
  }

  private static List<JsonNode> alternatives(JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return List.of();
    }
    return node.isArray() ? List.copyOf(node.values()) : List.of(node);
  }

  /** Whether a block with this bloom may have such logs. */
  boolean mayBeIn(Bytes bloom) {
    if (!addresses.isEmpty()
        && addresses.stream().noneMatch(each -> Bloom.Bits.of(each).areIn(bloom))) {
      return false;
    }
    return topics.stream()
        .allMatch(accepted ->
            accepted.isEmpty()
                || accepted.stream().anyMatch(each -> Bloom.Bits.of(each).areIn(bloom)));
  }

  /** Whether a log is such a one. */
  boolean matches(PlannedLog log) {
    if (!addresses.isEmpty() && !addresses.contains(log.address())) {
      return false;
    }
    if (topics.size() > log.topics().size()) {
      return false;
    }
    for (int i = 0; i < topics.size(); i++) {
      if (!topics.get(i).isEmpty() && !topics.get(i).contains(log.topics().get(i))) {
        return false;
      }
    }
    return true;
  }
}
