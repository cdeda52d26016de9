package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

/**
 * Why an entry was not taken.
 *
 * @param code of the rule that refused it; stable
 * @param message one sentence for people
 */
record Refusal(String code, String message) {
  Refusal {
    requireNonNull(code, "code is null");
    requireNonNull(message, "message is null");
  }
}
