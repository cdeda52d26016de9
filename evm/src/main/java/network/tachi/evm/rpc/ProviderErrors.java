package network.tachi.evm.rpc;

import static java.util.regex.Pattern.CASE_INSENSITIVE;
import static network.tachi.evm.rpc.RpcErrorKind.AUTH;
import static network.tachi.evm.rpc.RpcErrorKind.BACKEND_DOWN;
import static network.tachi.evm.rpc.RpcErrorKind.BATCH_TOO_LARGE;
import static network.tachi.evm.rpc.RpcErrorKind.BILLING;
import static network.tachi.evm.rpc.RpcErrorKind.BODY_TOO_LARGE;
import static network.tachi.evm.rpc.RpcErrorKind.DETERMINISTIC;
import static network.tachi.evm.rpc.RpcErrorKind.MISSING_DATA;
import static network.tachi.evm.rpc.RpcErrorKind.RANGE_TOO_LARGE;
import static network.tachi.evm.rpc.RpcErrorKind.RATE_LIMITED;
import static network.tachi.evm.rpc.RpcErrorKind.TIMEOUT;
import static network.tachi.evm.rpc.RpcErrorKind.TOO_MANY_ADDRESSES;
import static network.tachi.evm.rpc.RpcErrorKind.TOO_MANY_RESULTS;
import static network.tachi.evm.rpc.RpcErrorKind.UNSUPPORTED;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words, codes and statuses by which providers say what is wrong. The first rule that fits
 * decides, so the order matters: what a contract says in a revert is not the provider's word, a
 * named cap beats the plan that sets it, and what a plan does not hold is only missing there.
 */
final class ProviderErrors {
  private static final int THOUSAND = 1_000;

  /** Words of a kind; the groups {@code n}, {@code k}, {@code from} and {@code to} name a range. */
  private record Rule(RpcErrorKind kind, Pattern words) {
    static Rule of(RpcErrorKind kind, String... words) {
      return new Rule(kind, Pattern.compile(String.join("|", words), CASE_INSENSITIVE));
    }
  }

  private static final String COUNT = "(?<n>\\d[\\d,._]*)\\s?(?<k>k\\b)?";
  private static final String HEX_RANGE =
      "\\[\\s*(?<from>0x[0-9a-f]+),\\s*(?<to>0x[0-9a-f]+)\\s*\\]";

  private static final List<Rule> RULES =
      List.of(
          Rule.of(DETERMINISTIC, "^(error: )?(vm exception|execution reverted|evm reverted)"),
          Rule.of(
              BATCH_TOO_LARGE,
              "too many rpc calls in batch",
              "batch (request )?(was |is )?too (large|big)",
              "exceeds max batch size",
              "batch limit|batch size",
              "request body (is )?too large"),
          Rule.of(
              TOO_MANY_ADDRESSES,
              "specify (less number of|an) address",
              "exceed max (addresses|topics)",
              "too many (addresses|topics|sub-topics)",
              "query contains \\d+ filters"),
          Rule.of(
              TOO_MANY_RESULTS, "response size (limit|exceeded).*range should work: " + HEX_RANGE),
          Rule.of(TOO_MANY_RESULTS, "returned more than .*block range " + HEX_RANGE),
          Rule.of(
              TOO_MANY_RESULTS,
              "exceeds max results .*with the range (?<from>\\d+)\\s*-\\s*(?<to>\\d+)"),
          Rule.of(RANGE_TOO_LARGE, "block range should work: " + HEX_RANGE),
          cap("up to an? " + COUNT + " block range"),
          cap("limited to (an? )?(0 - )?" + COUNT + " ?(blocks? )?range"),
          cap("limited to " + COUNT + " block"),
          cap("range too large.*(max range: |maximum allowed is )" + COUNT),
          cap("max range: " + COUNT),
          cap("too many blocks .*maximum is set to " + COUNT),
          cap("allowed number of requested blocks is " + COUNT),
          cap("range is too large, max is " + COUNT),
          cap("block range is too wide \\(maximum " + COUNT),
          cap("at most " + COUNT + " blocks"),
          cap("max(imum)? block range:? " + COUNT),
          cap("block range (greater than|exceeds) " + COUNT),
          cap("blocks distance: " + COUNT),
          cap("ranges over " + COUNT + " blocks"),
          cap("allowed for your plan \\(\\d+ > " + COUNT),
          cap("range \\d+ exceeds limit of " + COUNT),
          cap("must be smaller than size " + COUNT),
          cap("logs over more than " + COUNT),
          Rule.of(
              RANGE_TOO_LARGE,
              "range limit exceeded",
              "range (is )?too (large|wide|big)",
              "exceeds? (the )?max(imum)? (rpc |block |allowed )*range",
              "exceeds? (the )?range",
              "exceeded max(imum)? (allowed |block )*range"),
          Rule.of(
              TOO_MANY_RESULTS,
              "returned more than",
              "more than \\d+ results",
              "exceeds max results",
              "too many (results|logs)",
              "matched by query exceeds limit",
              "log response size exceeded"),
          Rule.of(
              BODY_TOO_LARGE,
              "response (is )?too (large|big)",
              "response size (should not|is larger|exceed)",
              "content too large",
              "exceeded max limit of \\d+"),
          Rule.of(
              UNSUPPORTED,
              "(safe|finalized|pending|earliest) block (is )?not (found|available)",
              "method is not (included|available) in your",
              "unsupported (method|block tag)|invalid block tag|unsupported block number"),
          Rule.of(
              MISSING_DATA,
              "archive requests require",
              "(header|block|blocks)( \\S+| for hash| requested)? not found",
              "unknown (block|state)(?!chain)",
              "missing (trie node|block|header|state)",
              "history (has been|was) pruned|has been pruned|pruned history|due to pruning",
              "(no|historical) state (\\S+ )?(is )?(not )?available|state not available",
              "unable to load historical state|world ?state unavailable",
              "block is out of range|blockoutofrange|extends beyond current head",
              "not currently canonical",
              "could not find block|resource (not found|unavailable)",
              "first available (block|state)"),
          Rule.of(TIMEOUT, "time-?out|timed out|deadline exceeded|took too long|execution aborted"),
          Rule.of(BILLING, "(daily|monthly) (request |capacity |usage )?(limit|quota|capacity)"),
          Rule.of(
              RATE_LIMITED,
              "rate.?limit",
              "too many (requests|connections)",
              "request (rate|limit|count) (exceeded|reached)|request limit reached",
              "exceeded (its|the) (throughput|compute units|rate|allowed rps)",
              "compute units per second",
              "credits? limited|cu limit",
              "exceeded request limit|concurrent requests",
              "over capacity|throttl|retry in|backoff_seconds"),
          Rule.of(
              BILLING,
              "(plan|usage|account) (limit|quota|capacity)",
              "upgrade (to|your) (a )?(paid )?(plan|tier|account)|payment required|billing",
              "free (tier|plan)|current plan|paid plan",
              "quota|credits? (exhausted|depleted)|out of credits|insufficient credit"),
          Rule.of(
              AUTH,
              "unauthori[sz]ed|authenticat|forbidden|access denied|permission denied",
              "api.?key|invalid (token|project id)|project id",
              "not allowed to access|not enabled for this app|personal token"),
          Rule.of(
              UNSUPPORTED,
              "method.*(not"
                  + " (found|exist|available|allowed|supported|enabled|whitelisted|permitted))",
              "method.*(does not exist|is disabled|unavailable)",
              "unknown method|not whitelisted|not implemented",
              "(pending|method|module|tag|request).*not supported"),
          Rule.of(
              BACKEND_DOWN,
              "no backend|backend (is )?(offline|currently not healthy|down)",
              "backend returned an invalid response",
              "temporary internal error|temporarily unavailable|service unavailable",
              "bad gateway|gateway|server (is )?busy|overloaded|under too much load",
              "cannot fulfill request|no available (server|upstream|node)",
              "upstream|node is (syncing|not ready)|not synced|connection (refused|reset|closed)",
              "internal (server )?error|internal json-?rpc error|please retry|try again"),
          Rule.of(
              DETERMINISTIC,
              "revert",
              "nonce too (low|high)|already known|known transaction|already imported",
              "underpriced|insufficient (funds|balance)|upfront cost|gas"
                  + " (limit|too|required|price)",
              "intrinsic gas|out of gas|fee cap|max fee per gas|priority fee",
              "invalid (opcode|jump|argument|params|parameter|request|sender|input|signature|block"
                  + " range|address|topic|hex)",
              "stack (under|over)flow|cannot unmarshal|missing value|parse error|hex string"));

  private ProviderErrors() {}

  private static Rule cap(String words) {
    return Rule.of(RANGE_TOO_LARGE, words);
  }

  /** What the words say; empty if they say nothing known. */
  static Optional<RpcFailure> byWords(String message) {
    for (Rule rule : RULES) {
      Matcher matcher = rule.words().matcher(message);
      if (matcher.find()) {
        return Optional.of(new RpcFailure(rule.kind(), range(matcher)));
      }
    }
    return Optional.empty();
  }

  private static OptionalLong range(Matcher matcher) {
    var groups = matcher.namedGroups();
    try {
      if (groups.containsKey("n")) {
        long count = Long.parseLong(matcher.group("n").replaceAll("[,._]", ""));
        return positive(matcher.group("k") == null ? count : Math.multiplyExact(count, THOUSAND));
      }
      if (groups.containsKey("from")) {
        return positive(number(matcher.group("to")) - number(matcher.group("from")) + 1);
      }
    } catch (NumberFormatException | ArithmeticException _) {
      return OptionalLong.empty();
    }
    return OptionalLong.empty();
  }

  private static OptionalLong positive(long blocks) {
    return blocks > 0 ? OptionalLong.of(blocks) : OptionalLong.empty();
  }

  private static long number(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return lower.startsWith("0x") ? Long.parseLong(lower.substring(2), 16) : Long.parseLong(lower);
  }

  /**
   * What a JSON-RPC code means; empty if it says nothing, as -32000, or if providers use it for
   * caps of their own as well, as -32602.
   */
  static Optional<RpcFailure> byCode(int code) {
    return Optional.ofNullable(
            switch (code) {
              case 3 -> DETERMINISTIC;
              case -32601, -32004 -> UNSUPPORTED;
              case -32603 -> BACKEND_DOWN;
              case -32001, -32002 -> MISSING_DATA;
              case -32005, -32007, -32016, -32029, 429 -> RATE_LIMITED;
              case -32011, -32010, -32018 -> BACKEND_DOWN;
              case -32015 -> TIMEOUT;
              default -> null;
            })
        .map(RpcFailure::of);
  }

  /** What an HTTP status means; empty if it says nothing. */
  static Optional<RpcFailure> byStatus(int status) {
    return Optional.ofNullable(
            switch (status) {
              case 401, 403 -> AUTH;
              case 402 -> BILLING;
              case 404, 405, 415, 501 -> UNSUPPORTED;
              case 408, 504, 524 -> TIMEOUT;
              case 413 -> BATCH_TOO_LARGE;
              case 429 -> RATE_LIMITED;
              default -> status >= 500 ? BACKEND_DOWN : null;
            })
        .map(RpcFailure::of);
  }
}
