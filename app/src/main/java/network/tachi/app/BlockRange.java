package network.tachi.app;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Blocks in a row.
 *
 * @param first the first of them
 * @param last the last of them; below the first if there is none
 */
record BlockRange(long first, long last) {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})");

  /**
   * Reads two heights with a dash between.
   *
   * @param option what the text was given for
   * @throws UserError if the text has another form, or the second height is lower
   */
  static BlockRange parse(String option, String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new UserError(option + ": expected FIRST-LAST, found " + text);
    }
    BlockRange range =
        new BlockRange(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
    if (range.last < range.first) {
      throw new UserError(option + ": expected the lower block first, found " + text);
    }
    return range;
  }

  @Override
  public String toString() {
    return first + " to " + last;
  }
}
