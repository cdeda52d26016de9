package network.tachi.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What {@code postmaster.pid} says of a running server.
 *
 * @param pid its process
 * @param startedAt when it started
 * @param port where it listens
 */
record Postmaster(long pid, Instant startedAt, int port) {
  private static final int PID_LINE = 0;
  private static final int START_LINE = 2;
  private static final int PORT_LINE = 3;
  private static final int STATUS_LINE = 7;

  /** How far the file's start time and the system's may be apart; the system counts in ticks. */
  private static final Duration TOLERANCE = Duration.ofSeconds(3);

  /** Reads the file; empty if there is none or it is not whole yet. */
  static Optional<Postmaster> read(Path data) throws IOException {
    Path file = data.resolve("postmaster.pid");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    if (lines.size() <= PORT_LINE) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Postmaster(
              Long.parseLong(lines.get(PID_LINE).strip()),
              Instant.ofEpochSecond(Long.parseLong(lines.get(START_LINE).strip())),
              Integer.parseInt(lines.get(PORT_LINE).strip())));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  /** Whether the file says that the server takes connections. */
  static boolean isReady(Path data) throws IOException {
    Path file = data.resolve("postmaster.pid");
    if (!Files.exists(file)) {
      return false;
    }
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    return lines.size() > STATUS_LINE && lines.get(STATUS_LINE).strip().equals("ready");
  }

  /**
   * Whether the process lives and is the one that wrote the file, not a later one of its number.
   */
  boolean isAlive() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(process -> process.info().startInstant().map(this::isNear).orElse(true))
        .filter(process -> process.info().command().map(Postmaster::isServer).orElse(true))
        .isPresent();
  }

  private static boolean isServer(String command) {
    return command.endsWith("/postgres");
  }

  private boolean isNear(Instant start) {
    return Duration.between(start, startedAt).abs().compareTo(TOLERANCE) <= 0;
  }
}
