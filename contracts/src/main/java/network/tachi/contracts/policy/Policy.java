package network.tachi.contracts.policy;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;

/**
 * A publisher's policy: the prices of a licence by path and purpose. Its document is RFC 8785
 * canonical JSON that holds only strings, and the keccak of that document is the {@code termsHash}
 * of vouchers (wire.md section 1).
 *
 * @param licenseId the licence on the settlement chain
 * @param version counts from 1
 * @param rules at most 1,000, no two with the same path and purpose
 */
public record Policy(LicenseId licenseId, long version, List<PolicyRule> rules) {
  /** The most rules a policy may have. */
  public static final int MAX_RULES = 1000;

  private static final Quote OPEN = new Quote(Category.PUBLIC, UsdcAmount.ZERO);

  /**
   * Checks the policy.
   *
   * @throws InvalidPolicyException if the version is below 1, there are too many rules, or two
   *     rules have the same path and purpose
   */
  public Policy {
    rules = List.copyOf(rules);
    if (version < 1) {
      throw new InvalidPolicyException("version", "1 or more", Long.toString(version));
    }
    if (rules.size() > MAX_RULES) {
      throw new InvalidPolicyException(
          "rules", "at most " + MAX_RULES, Integer.toString(rules.size()));
    }
    Set<String> seen = new HashSet<>();
    for (PolicyRule rule : rules) {
      if (!seen.add(rule.purpose().text() + ' ' + rule.path())) {
        throw new InvalidPolicyException(
            "rules", "each path and purpose once", rule.path() + " for " + rule.purpose().text());
      }
    }
  }

  /**
   * Reads a policy document.
   *
   * @throws InvalidPolicyException if the text is not the canonical JSON of a valid policy
   */
  public static Policy parse(String document) {
    Policy policy = PolicyDocument.read(document);
    if (!policy.document().equals(document)) {
      throw new InvalidPolicyException(
          "document", "canonical JSON (RFC 8785): " + policy.document(), document);
    }
    return policy;
  }

  /** The policy as RFC 8785 canonical JSON. */
  public String document() {
    return PolicyDocument.write(this);
  }

  /** keccak of the document in UTF-8: the {@code termsHash}. */
  public Hash hash() {
    return Keccak.hash(document().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * What a request costs. The longest matching path wins; a rule for the very purpose beats one for
   * any. A crawler that names no purpose pays the dearest of the longest path. Paths without a rule
   * are public. A trailing slash makes no difference, as it makes none to most origins.
   *
   * @param path of the request
   * @param purpose why the crawler reads
   */
  public Quote quote(RequestPath path, Purpose purpose) {
    Comparator<PolicyRule> order =
        Comparator.<PolicyRule>comparingInt(rule -> rule.path().length())
            .thenComparing(rule -> purpose != Purpose.ANY && rule.purpose() == purpose)
            .thenComparing(PolicyRule::category)
            .thenComparing(PolicyRule::price);
    return rules.stream()
        .filter(rule -> rule.matches(path) && rule.isFor(purpose))
        .max(order)
        .map(rule -> new Quote(rule.category(), rule.price()))
        .orElse(OPEN);
  }
}
