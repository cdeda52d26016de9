package network.tachi.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the server's own tools. */
final class PostgresCommand {
  private static final int MAX_OUTPUT = 2_000;

  private final Path home;

  PostgresCommand(Path home) {
    this.home = home;
  }

  /**
   * The outcome of a tool.
   *
   * @param code its exit code
   * @param output the end of what it printed
   */
  record Outcome(int code, String output) {}

  /** Runs a tool and waits; it is killed when the time is over. */
  Outcome run(Duration limit, String tool, List<String> arguments) {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      // PostgreSQL refuses to run as root; in a user namespace of its own it does not see it.
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(home.resolve("bin").resolve(tool).toString());
    command.addAll(arguments);
    try {
      Path output = Files.createTempFile("tachi-" + tool, ".log");
      try {
        return run(limit, command, output);
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new StoreException.EmbeddedFailure(
          "cannot run " + command.getFirst() + ": " + e.getMessage(), e);
    }
  }

  private static Outcome run(Duration limit, List<String> command, Path output) throws IOException {
    // Not a pipe: the server would inherit it, and reading its end would wait for the server.
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .start();
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new StoreException.EmbeddedFailure(
            command.getLast() + ": not done within " + limit.toSeconds() + " s", null);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new StoreException.EmbeddedFailure("interrupted", e);
    }
    String text = Files.readString(output, StandardCharsets.UTF_8).strip();
    if (text.startsWith("unshare:") && text.contains("unshare failed")) {
      throw new StoreException.EmbeddedFailure(
          "PostgreSQL refuses to run as root, and this machine allows no user namespaces ("
              + text
              + "): run as another user, or give the URL of a server",
          null);
    }
    return new Outcome(
        process.exitValue(), text.substring(Math.max(0, text.length() - MAX_OUTPUT)));
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }
}
