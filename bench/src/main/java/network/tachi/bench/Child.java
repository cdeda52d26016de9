package network.tachi.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A process that is measured or that serves what is measured; its output goes to a file. */
final class Child implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String name;
  private final Process process;
  private final Path log;
  private final Thread hook;
  private final Meter meter;
  private final long started;

  private Child(String name, Process process, Path log, long started) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.started = started;
    this.hook = new Thread(this::kill);
    this.meter = Meter.of(process.toHandle());
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Starts a command in a folder, with more variables than this process has. */
  static Child start(
      String name, List<String> command, Map<String, String> environment, Path folder, Path log) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
      builder.environment().putAll(environment);
      builder.redirectErrorStream(true).redirectOutput(log.toFile());
      long started = System.nanoTime();
      return new Child(name, builder.start(), log, started);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " does not start", e);
    }
  }

  /**
   * Starts a main class of this class path as the launcher does.
   *
   * @param options more of them for Java, such as {@code -Xmx512m}
   */
  static Child java(
      String name,
      List<String> options,
      String main,
      List<String> arguments,
      Map<String, String> environment,
      Path log) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseCompactObjectHeaders",
                "-XX:+ExitOnOutOfMemoryError",
                "-Duser.timezone=UTC",
                "-Dorg.jooq.no-logo=true",
                "-Dorg.jooq.no-tips=true",
                "-Dtachi.log=" + log.resolveSibling(name + ".tachi.log")));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    command.addAll(arguments);
    return start(name, command, environment, Path.of("").toAbsolutePath(), log);
  }

  /** Watches it from now on. */
  Meter watch() {
    return Meter.of(process.toHandle());
  }

  Meter meter() {
    return meter;
  }

  /** When it was started, in {@link System#nanoTime}. */
  long started() {
    return started;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Fails if it has ended.
   *
   * @throws BenchException with the end of what it said
   */
  void requireAlive() {
    if (!process.isAlive()) {
      throw new BenchException(
          name + " ended with code " + process.exitValue() + ":\n" + lastWords());
    }
  }

  /** The end of what it said. */
  String lastWords() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits for its end.
   *
   * @throws BenchException if it does not end in time, or not with code 0
   */
  void awaitSuccess(Duration limit) {
    Waiting.until(name + " ends", limit, () -> !process.isAlive());
    if (process.exitValue() != 0) {
      requireAlive();
    }
  }

  /** Waits for a condition while it lives. */
  void await(String what, Duration limit, BooleanSupplier condition) {
    Waiting.until(
        name + ": " + what,
        limit,
        () -> {
          requireAlive();
          return condition.getAsBoolean();
        });
  }

  /** Ends it at once, without a chance to tidy up. */
  void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Override
  public void close() {
    meter.close();
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException _) {
      kill();
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().removeShutdownHook(hook);
  }

  /** A folder for the logs and data of one run, below the state folder of the launcher. */
  static Path folder(String name) {
    try {
      Path home = Path.of(System.getProperty("tachi.home", ""));
      Path folder = home.resolve(".tachi").resolve("bench").resolve(name).toAbsolutePath();
      Files.createDirectories(folder);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a folder with all that is in it, if it is there. */
  static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (var files = Files.walk(folder)) {
      files.sorted(java.util.Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
