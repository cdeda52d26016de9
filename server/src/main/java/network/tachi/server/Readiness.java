package network.tachi.server;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/**
 * The named checks of one role. A role is ready if every check says so. Checks are asked on each
 * request to {@code /ready}, so they read a field; they do not call out.
 */
public final class Readiness {
  private final Map<String, Supplier<State>> checks = new ConcurrentSkipListMap<>();

  private Readiness() {}

  /** No checks: ready. */
  public static Readiness create() {
    return new Readiness();
  }

  /** What a check says. */
  public sealed interface State {
    /** Can serve. */
    record Ready() implements State {}

    /**
     * Can't serve now.
     *
     * @param reason stable snake_case word, such as {@code database_unreachable}
     * @param detail one sentence for people; no secrets
     */
    record NotReady(String reason, String detail) implements State {
      /** Checks that nothing is missing. */
      public NotReady {
        requireNonNull(reason, "reason is null");
        requireNonNull(detail, "detail is null");
      }
    }

    /** Can serve. */
    static State ready() {
      return new Ready();
    }

    /** Can't serve, and why. */
    static State notReady(String reason, String detail) {
      return new NotReady(reason, detail);
    }
  }

  /**
   * One check that said no.
   *
   * @param check its name
   * @param state why
   */
  public record Failure(String check, State.NotReady state) {}

  /** Adds or replaces a check; one that throws counts as not ready. */
  public Readiness check(String name, Supplier<State> check) {
    checks.put(requireNonNull(name, "name is null"), requireNonNull(check, "check is null"));
    return this;
  }

  /** Asks every check; empty means ready. */
  public List<Failure> failures() {
    List<Failure> failures = new ArrayList<>();
    checks.forEach((name, check) -> {
      switch (ask(check)) {
        case State.Ready _ -> {}
        case State.NotReady state -> failures.add(new Failure(name, state));
      }
    });
    return failures;
  }

  private static State ask(Supplier<State> check) {
    try {
      return check.get();
    } catch (RuntimeException e) {
      System.getLogger(Readiness.class.getName())
          .log(System.Logger.Level.WARNING, "A readiness check failed", e);
      return State.notReady(
          "check_failed", "the check itself failed: " + e.getClass().getSimpleName());
    }
  }
}
