package network.tachi.contracts.policy;

import static java.util.Objects.requireNonNull;

import network.tachi.evm.UsdcAmount;

/**
 * One line of a policy.
 *
 * @param path absolute path; a final {@code *} matches any rest
 * @param purpose whom the rule is for
 * @param category how open the path is
 * @param price USDC atomic units a request; zero unless the category is premium
 */
public record PolicyRule(String path, Purpose purpose, Category category, UsdcAmount price) {
  static final int MAX_PATH_LENGTH = 2048;

  /**
   * Checks the rule.
   *
   * @throws InvalidPolicyException if the path is not absolute, has a {@code *} that is not last,
   *     or price and category contradict each other
   */
  public PolicyRule {
    requireNonNull(purpose, "purpose is null");
    requireNonNull(category, "category is null");
    requireNonNull(price, "price is null");
    if (!path.startsWith("/") || path.length() > MAX_PATH_LENGTH) {
      throw new InvalidPolicyException("path", "an absolute path of at most 2048 characters", path);
    }
    int star = path.indexOf('*');
    if (star >= 0 && star != path.length() - 1) {
      throw new InvalidPolicyException("path", "'*' only as the last character", path);
    }
    if ((category == Category.PREMIUM) == price.isZero()) {
      throw new InvalidPolicyException(
          "price",
          category == Category.PREMIUM ? "more than 0 for premium" : "0 for " + category.text(),
          price.toString());
    }
  }

  boolean matches(RequestPath request) {
    String asked = request.priced();
    String folder = asked.endsWith("/") ? asked : asked + "/";
    if (path.endsWith("*")) {
      String start = path.substring(0, path.length() - 1);
      return asked.startsWith(start) || folder.equals(start);
    }
    return asked.equals(path) || folder.equals(path) || asked.equals(path + "/");
  }

  boolean isFor(Purpose asked) {
    return purpose == Purpose.ANY || asked == Purpose.ANY || purpose == asked;
  }
}
