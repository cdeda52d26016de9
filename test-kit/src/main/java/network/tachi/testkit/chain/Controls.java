package network.tachi.testkit.chain;

import java.time.Duration;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Methods by which another process moves the chain; no real node has them. */
final class Controls {
  private final ReplayNode node;

  Controls(ReplayNode node) {
    this.node = node;
  }

  /** Runs a method and writes what it returns; false if there is no such one. */
  boolean run(JsonBytes out, String method, JsonNode params) {
    switch (method) {
      case "replay_mine" -> out.quantity(node.mine(params.path(0).asInt(1)).number());
      case "replay_reorg" ->
          out.hash(
              node.reorg(
                      params.path(0).asLong(),
                      params.path(1).asLong(),
                      Replacement.valueOf(
                          params.path(2).asString("OTHER").toUpperCase(Locale.ROOT)))
                  .hash());
      case "replay_play" -> {
        Pace.start(node, Duration.ofMillis(params.path(0).asLong()), params.path(1).asInt());
        out.raw("true");
      }
      case "replay_finality" -> {
        node.finality(params.path(0).asLong(), params.path(1).asLong(), params.path(2).asLong(1));
        out.raw("true");
      }
      case "replay_announcements" -> {
        out.beginArray();
        node.announcements()
            .forEach(each ->
                out.beginArray()
                    .raw(Long.toString(each.number()))
                    .raw(Long.toString(each.epochMicros()))
                    .endArray());
        out.endArray();
      }
      case "replay_calls" -> {
        out.beginObject().name("requests").raw(Long.toString(node.requests()));
        node.calls().forEach((name, count) -> out.name(name).raw(Long.toString(count)));
        out.endObject();
      }
      default -> {
        return false;
      }
    }
    return true;
  }
}
