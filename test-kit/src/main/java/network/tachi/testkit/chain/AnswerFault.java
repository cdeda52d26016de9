package network.tachi.testkit.chain;

import java.time.Duration;
import java.util.Map;

/** What goes wrong with the answer to a request as a whole. */
public sealed interface AnswerFault {
  /** Nothing. */
  AnswerFault NONE = new None();

  /** Nothing. */
  record None() implements AnswerFault {}

  /**
   * Another HTTP status than 200.
   *
   * @param status such as 429
   * @param headers such as {@code Retry-After}
   * @param body any text
   */
  record Status(int status, Map<String, String> headers, String body) implements AnswerFault {
    /** Copies the headers. */
    public Status {
      headers = Map.copyOf(headers);
    }
  }

  /**
   * The body breaks off, though its length was announced, and so does the connection.
   *
   * @param share of the body that is sent, 0 to 1
   */
  record CutOff(double share) implements AnswerFault {}

  /**
   * The body is shorter, and its announced length too.
   *
   * @param share of the body that is sent, 0 to 1
   */
  record Shortened(double share) implements AnswerFault {}

  /**
   * The body is something else.
   *
   * @param body any text
   */
  record Instead(String body) implements AnswerFault {}

  /** The connection is closed without an answer. */
  record HangUp() implements AnswerFault {}

  /** There is never an answer; the connection stays. */
  record Silence() implements AnswerFault {}

  /**
   * The right answer, late.
   *
   * @param delay how late
   */
  record Late(Duration delay) implements AnswerFault {}

  /** The answers of a batch in reverse order; each has its right id. */
  record Reversed() implements AnswerFault {}

  /** The answers of a batch in their order, but each with the id of another call. */
  record WrongIds() implements AnswerFault {}
}
